// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Writes down what becomes of each test, and prints it as it happens. */
final class Recorder implements TestExecutionListener {
  private static final int MESSAGE_CHARS = 300;

  private final PrintStream out;
  private final Map<String, Long> begun = new ConcurrentHashMap<>();
  private final Map<String, Outcome> outcomes = new TreeMap<>();

  Recorder(PrintStream out) {
    this.out = out;
  }

  /** The tests' classes in a jar: full names by simple ones. */
  static Map<String, String> classesOf(Path jar) throws IOException {
    Map<String, String> classes = new TreeMap<>();
    try (FileSystem content = FileSystems.newFileSystem(jar);
        Stream<Path> files = Files.walk(content.getPath("/"))) {
      for (Path file : files.toList()) {
        String name = file.toString();
        if (name.endsWith("Test.class") && !name.contains("$")) {
          String type = name.substring(1, name.length() - ".class".length()).replace('/', '.');
          classes.put(type.substring(type.lastIndexOf('.') + 1), type);
        }
      }
    }
    return classes;
  }

  /** The method of that name, whatever its parameters. */
  static DiscoverySelector method(String type, String name) {
    try {
      Class<?> tests = Class.forName(type);
      Method method =
          Arrays.stream(tests.getDeclaredMethods())
              .filter(candidate -> candidate.getName().equals(name))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException(type + " has no " + name));
      return DiscoverySelectors.selectMethod(tests, method);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(e);
    }
  }

  Map<String, Outcome> outcomes() {
    return outcomes;
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    begun.put(test.getUniqueId(), System.nanoTime());
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    name(test).ifPresent(name -> record(name, Outcome.Result.ABORTED, Duration.ZERO, reason));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
    if (test.isContainer() && passed) {
      return;
    }
    Duration took =
        Duration.ofNanos(
            System.nanoTime() - begun.getOrDefault(test.getUniqueId(), System.nanoTime()));
    String message = result.getThrowable().map(Recorder::message).orElse("");
    boolean internals = message.contains(TestedCluster.INTERNALS);
    Outcome.Result verdict =
        switch (result.getStatus()) {
          case SUCCESSFUL -> Outcome.Result.PASSED;
          case ABORTED -> Outcome.Result.ABORTED;
          case FAILED -> internals ? Outcome.Result.ABORTED : Outcome.Result.FAILED;
        };
    name(test).ifPresent(name -> record(name, verdict, took, message));
  }

  private void record(String name, Outcome.Result result, Duration took, String message) {
    Outcome outcome = new Outcome(name, result, took, message);
    outcomes.merge(name, outcome, Outcome::and);
    out.printf("%-8s %6d ms  %s  %s%n", result, took.toMillis(), name, message);
  }

  /** Class and method; empty for what is neither. */
  private static Optional<String> name(TestIdentifier test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .map(
            source -> {
              List<String> parts = List.of(source.getClassName().split("\\."));
              return parts.getLast() + "#" + source.getMethodName();
            });
  }

  /** In one line, with its causes. */
  private static String message(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      text.append(text.isEmpty() ? "" : " < ").append(at);
    }
    String line = text.toString().replaceAll("\\s+", " ");
    return line.length() > MESSAGE_CHARS ? line.substring(0, MESSAGE_CHARS) + "…" : line;
  }
}
