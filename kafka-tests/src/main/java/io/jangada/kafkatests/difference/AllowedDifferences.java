// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.difference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The differences that are meant, one in a line: {@code API VERSIONS | conversation or label | path
 * | reason}. {@code *} stands for any text, {@code {a,b}} for one of several. A reason names the
 * KIP or the ADR that it follows from. Counts which lines were needed. Not thread-safe.
 */
public final class AllowedDifferences {
  private static final Pattern SOURCE = Pattern.compile("\\b(KIP-\\d+|ADR \\d+)\\b");
  private static final Pattern ANY = Pattern.compile("\\S");
  private static final Pattern SPECIAL = Pattern.compile("\\*|\\{([^}]*)\\}");
  private static final int COLUMNS = 4;

  private final List<Line> lines;
  private final Set<Line> used = new LinkedHashSet<>();

  /**
   * One of them.
   *
   * @param api its name, or {@code *}
   * @param about the conversation, or what an exchange is about
   * @param path of the value in the answer
   */
  public record Line(String api, String about, String path, String reason) {
    private boolean matches(Difference difference) {
      return glob(api, difference.exchange().api())
          && (glob(about, difference.exchange().conversation())
              || glob(about, difference.exchange().label()))
          && glob(path, difference.path());
    }

    private static boolean glob(String pattern, String text) {
      StringBuilder regex = new StringBuilder();
      Matcher special = SPECIAL.matcher(pattern);
      int end = 0;
      while (special.find()) {
        regex.append(Pattern.quote(pattern.substring(end, special.start())));
        String choices = special.group(1);
        regex.append(
            choices == null
                ? ".*"
                : Arrays.stream(choices.split(","))
                    .map(Pattern::quote)
                    .collect(Collectors.joining("|", "(?:", ")")));
        end = special.end();
      }
      return text.matches(regex.append(Pattern.quote(pattern.substring(end))).toString());
    }
  }

  private AllowedDifferences(List<Line> lines) {
    this.lines = lines;
  }

  /** Reads a file whose reasons each name a KIP or an ADR. */
  public static AllowedDifferences read(Path file) throws IOException {
    return read(file, SOURCE);
  }

  /** Reads a file of differences that are not meant and still there; any reason will do. */
  public static AllowedDifferences readOpen(Path file) throws IOException {
    return read(file, ANY);
  }

  private static AllowedDifferences read(Path file, Pattern source) throws IOException {
    List<Line> lines = new ArrayList<>();
    for (String text : Files.readAllLines(file)) {
      if (text.isBlank() || text.startsWith("#")) {
        continue;
      }
      String[] columns = text.split("\\s*\\|\\s*");
      if (columns.length != COLUMNS || !source.matcher(columns[COLUMNS - 1]).find()) {
        throw new IllegalArgumentException(
            "expected API | conversation or label | path | reason (with a KIP or an ADR), but got: "
                + text);
      }
      lines.add(new Line(columns[0].strip(), columns[1], columns[2], columns[3].strip()));
    }
    return new AllowedDifferences(lines);
  }

  /** Whether a line says that it is meant; remembers that the line was needed. */
  public boolean allows(Difference difference) {
    boolean allowed = false;
    for (Line line : lines) {
      if (line.matches(difference)) {
        used.add(line);
        allowed = true;
      }
    }
    return allowed;
  }

  /** All lines, in the order of the file. */
  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** Lines that nothing needed: what they say is no longer so. */
  public List<Line> unused() {
    return lines.stream().filter(line -> !used.contains(line)).toList();
  }
}
