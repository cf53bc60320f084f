// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.ecosystem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A text that somebody has written: the file that {@code INPUT} names, or this project's own pages
 * and sources. In ASCII: Connect's file source counts characters and goes on by bytes.
 */
final class RealText {
  private static final String INPUT = "INPUT";

  private RealText() {}

  /** Its lines, at most so many. */
  static List<String> lines(int limit) throws IOException {
    String input = System.getenv(INPUT);
    List<String> lines = new ArrayList<>();
    for (Path file : input == null || input.isEmpty() ? ownFiles() : List.of(Path.of(input))) {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        if (lines.size() == limit) {
          return lines;
        }
        lines.add(line.replaceAll("[^\\x20-\\x7e]", "?"));
      }
    }
    return lines;
  }

  private static List<Path> ownFiles() throws IOException {
    List<Path> files = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CHANGELOG.md")));
    for (String directory : List.of("docs", "broker/src/main/java", "client/src/main/java")) {
      try (Stream<Path> found = Files.walk(Path.of(directory))) {
        found
            .filter(file -> file.toString().endsWith(".md") || file.toString().endsWith(".java"))
            .sorted()
            .forEach(files::add);
      }
    }
    return files;
  }
}
