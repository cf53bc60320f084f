// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom inside the broker. */
@AnalyzeClasses(
    packages = "io.jangada.broker",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  /** A second front door will call the same services: they speak no front door's language. */
  @ArchTest
  static final ArchRule SERVICES_KNOW_NO_FRONT_DOOR =
      noClasses()
          .that()
          .resideInAPackage("io.jangada.broker.service..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "io.jangada.api..", "io.jangada.broker.grpc..");

  @ArchTest
  static final ArchRule FRONT_DOORS_CALL_SERVICES_ONLY =
      noClasses()
          .that()
          .resideInAPackage("io.jangada.broker.grpc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.jangada.broker.cluster..",
              "io.jangada.broker.startup..",
              "io.jangada.replication.runtime..",
              "io.jangada.replication.log..",
              "io.jangada.metadata.rpc..",
              "io.jangada.metadata.quorum..");

  @ArchTest
  static final ArchRule THE_SHELL_KNOWS_NO_SERVICE =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.jangada.broker.config..",
              "io.jangada.broker.startup..",
              "io.jangada.broker.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.jangada.metadata..",
              "io.jangada.replication..",
              "io.jangada.broker.grpc..",
              "io.jangada.broker.cluster..",
              "io.jangada.broker.service..");

  @ArchTest
  static final ArchRule RATIS_AND_LMDB_STAY_IN_THE_QUORUM =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.ratis..", "org.lmdbjava..");
}
