// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.compaction;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/** Compaction decides without I/O, clock, threads or randomness; bytes in memory are all it has. */
class CompactionPurityTest {
  private static final JavaClasses PURE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.jangada.replication.compaction");

  @Test
  void usesOnlyValuesAndMemory() {
    ArchRuleDefinition.classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.jangada.replication.compaction",
            "io.jangada.record",
            "java.lang",
            "java.lang.foreign",
            "java.lang.invoke",
            "java.lang.runtime",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.function",
            "org.jspecify.annotations")
        .check(PURE);
  }

  @Test
  void readsNoClockAndStartsNoThread() {
    noClasses()
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, java.util.Random.class)
        .check(PURE);
  }
}
