// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom inside the module. */
class MetadataArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.jangada.metadata");

  @Test
  void onlyTheLogKnowsRatis() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..metadata.ratis")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.ratis..")
        .check(CLASSES);
  }

  @Test
  void onlyTheStoreKnowsLmdb() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..metadata.store")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.lmdbjava..")
        .check(CLASSES);
  }

  @Test
  void onlyTheServiceAndItsOwnersKnowGrpc() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..metadata.rpc", "..metadata.quorum", "..metadata.ratis")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.grpc..")
        .check(CLASSES);
  }

  @Test
  void plumbingKnowsNothingOfTheMetadata() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..metadata.ratis", "..metadata.store", "..metadata.liveness", "..metadata.membership")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..metadata.command",
            "..metadata.image",
            "..metadata.controller",
            "..metadata.machine",
            "..metadata.rpc",
            "..metadata.quorum")
        .check(CLASSES);
  }
}
