// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * The metadata's vocabulary, image, machine and controller decide and nothing else: what they may
 * use is listed, so that nothing slips in.
 */
class PurePackagesTest {
  private static final String ROOT = "io.jangada.metadata.";
  private static final JavaClasses PURE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT + "command", ROOT + "image", ROOT + "machine", ROOT + "controller");

  private static final String[] LANGUAGE = {
    "java.lang",
    "java.lang.invoke",
    "java.lang.runtime",
    "java.nio",
    "java.util",
    "java.util.function",
    "java.util.regex",
    "java.util.stream",
    "org.jspecify.annotations",
    "io.jangada.common"
  };

  @Test
  void theVocabularyKnowsOnlyItsEncoding() {
    uses("command", "command", "com.google.protobuf", "io.jangada.internal.v1");
  }

  @Test
  void theImageKnowsTheVocabulary() {
    uses("image", "image", "command", "org.pcollections");
  }

  @Test
  void theMachineKnowsTheImageAndNoPolicy() {
    uses("machine", "machine", "image", "command", "org.pcollections");
  }

  @Test
  void theControllerKnowsWhatApplyWillDo() {
    uses("controller", "controller", "machine", "image", "command", "org.pcollections");
  }

  @Test
  void noOneReadsAClockStartsAThreadOrRollsDice() {
    noClasses()
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .callConstructor(java.util.Random.class)
        .orShould()
        .callConstructor(java.util.SplittableRandom.class)
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, SecureRandom.class, ThreadLocalRandom.class)
        .check(PURE);
  }

  private static void uses(String room, String... others) {
    String[] allowed = new String[LANGUAGE.length + others.length];
    System.arraycopy(LANGUAGE, 0, allowed, 0, LANGUAGE.length);
    for (int i = 0; i < others.length; i++) {
      allowed[LANGUAGE.length + i] = others[i].contains(".") ? others[i] : ROOT + others[i];
    }
    classes()
        .that()
        .resideInAPackage(ROOT + room)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .check(PURE);
  }
}
