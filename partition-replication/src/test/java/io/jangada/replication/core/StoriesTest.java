// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tells every story and compares. {@code -Djangada.stories.rewrite=true} writes the present effects
 * into the files, to be reviewed as a diff.
 */
class StoriesTest {
  private static final Path STORIES = Path.of("src/test/resources/stories");

  static List<Path> stories() throws IOException {
    try (Stream<Path> files = Files.list(STORIES)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("rule-"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("stories")
  void holds(Path file) throws IOException {
    String text = Files.readString(file);
    String told = Story.retell(text);
    if (Boolean.getBoolean("jangada.stories.rewrite")) {
      Files.writeString(file, told);
    } else {
      assertThat(told).isEqualTo(text);
    }
  }

  @Test
  void everyRuleOfTheCoreHasAStory() throws IOException {
    List<String> names = stories().stream().map(file -> file.getFileName().toString()).toList();
    for (String rule :
        List.of(
            "01", "02", "03", "04", "05", "06", "07", "08", "09", "13", "16", "18", "19", "20",
            "21", "22", "24", "25")) {
      assertThat(names).anyMatch(name -> name.startsWith("rule-" + rule));
    }
  }
}
