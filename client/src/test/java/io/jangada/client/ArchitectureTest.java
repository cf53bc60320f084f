// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom inside the client. */
@AnalyzeClasses(
    packages = {"io.jangada.client", "io.jangada.record"},
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule THE_PUBLIC_PACKAGE_SHOWS_NOTHING_INTERNAL =
      noClasses()
          .that()
          .resideInAPackage("io.jangada.client")
          .and()
          .doNotHaveSimpleName("JangadaClient")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.jangada.client.internal..", "io.grpc..", "io.jangada.api..");

  @ArchTest
  static final ArchRule ONLY_THE_ADAPTER_NEEDS_OPENTELEMETRY =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.jangada.client.opentelemetry..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..");

  @ArchTest
  static final ArchRule WHAT_AN_ANSWER_MEANS_IS_DECIDED_WITHOUT_NETWORK =
      noClasses()
          .that()
          .haveSimpleNameStartingWith("PartitionSender")
          .or()
          .haveSimpleName("Sequences")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "io.netty..", "io.jangada.api..", "java.net..");

  @ArchTest
  static final ArchRule AND_WITHOUT_CLOCK =
      noClasses()
          .that()
          .haveSimpleNameStartingWith("PartitionSender")
          .or()
          .haveSimpleName("Sequences")
          .or()
          .haveSimpleName("MetadataView")
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule THE_RECORD_FORMAT_KNOWS_NO_WIRE =
      noClasses()
          .that()
          .resideInAPackage("io.jangada.record")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "com.google.protobuf..", "io.jangada.api..");
}
