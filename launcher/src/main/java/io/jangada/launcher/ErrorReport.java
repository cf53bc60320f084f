// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is told of a failure: one line with the cause, one with the next command to run. The names
 * are those of the JSON contract {@code {"error":{…}}}.
 *
 * @param code stable, for scripts
 * @param hint may be empty
 * @param definite false if what was asked may have been done
 */
record ErrorReport(String code, String message, String hint, boolean definite, ExitCode exitCode) {
  private static final int NEAR = 2;

  static ErrorReport of(Throwable failure) {
    return switch (failure) {
      case JangadaException e ->
          new ErrorReport(
              e.code().name(),
              oneLine(e),
              e.hint().isEmpty() ? nextCommand(e.code()) : e.hint(),
              e.definite(),
              ExitCode.of(e.code()));
      case CommandException e ->
          new ErrorReport(e.exitCode().name(), oneLine(e), e.hint(), true, e.exitCode());
      case UncheckedIOException e -> ofIo(e.getCause());
      case IOException e -> ofIo(e);
      default ->
          new ErrorReport(
              ErrorCode.INTERNAL.name(),
              failure.getClass().getSimpleName() + ": " + oneLine(failure),
              "run it again with -v and report what it prints",
              false,
              ExitCode.FAILED);
    };
  }

  static ErrorReport usage(String message, String command) {
    return new ErrorReport(
        ExitCode.USAGE.name(),
        message.lines().findFirst().orElse(message),
        command + " --help",
        true,
        ExitCode.USAGE);
  }

  /** A word that is no command, option or argument here. */
  static ErrorReport unmatched(UnmatchedArgumentException failure, String command) {
    List<String> words = failure.getUnmatched();
    String word = words.isEmpty() ? "" : words.getFirst();
    String help = command + " --help";
    return new ErrorReport(
        ExitCode.USAGE.name(),
        "'" + command + "' knows no '" + word + "'",
        failure.getSuggestions().stream()
            .map(each -> each.substring(each.lastIndexOf(' ') + 1))
            .filter(each -> distance(word, each) <= NEAR)
            .findFirst()
            .map(each -> command + " " + each + ", or " + help)
            .orElse(help),
        true,
        ExitCode.USAGE);
  }

  /** How many letters have to be put in, taken out or changed (Levenshtein). */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }

  /** The error as it is printed to standard error. */
  String render(OutputFormat format) {
    if (format.structured()) {
      return Printer.structured(
          format, Map.of("error", new ErrorBody(code, message, hint, definite)));
    }
    String maybeDone = definite ? "" : " (it may have been carried out)";
    return "error: " + message + maybeDone + "\n" + (hint.isEmpty() ? "" : "try: " + hint + "\n");
  }

  private record ErrorBody(String code, String message, String hint, boolean definite) {}

  private static ErrorReport ofIo(IOException e) {
    return new ErrorReport(
        ExitCode.FAILED.name(),
        oneLine(e),
        "check the file's name and permissions",
        false,
        ExitCode.FAILED);
  }

  private static String oneLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.replaceAll("\\s*\\R\\s*", " ").strip();
  }

  private static String nextCommand(ErrorCode code) {
    if (code == ErrorCode.TOPIC_ALREADY_EXISTS) {
      return "choose another name, or add --if-not-exists";
    }
    return switch (ExitCode.of(code)) {
      case NOT_FOUND ->
          code == ErrorCode.UNKNOWN_NODE ? "jangada broker list" : "jangada topic list";
      case UNAVAILABLE -> "jangada broker list";
      case DONE, FAILED, USAGE, UNSAFE -> "";
    };
  }
}
