// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.difference;

import io.jangada.kafkatests.conversation.Exchange;
import io.jangada.kafkatests.conversation.Player;
import io.jangada.kafkatests.conversation.Script;
import io.jangada.kafkatests.reference.JangadaUnderTest;
import io.jangada.kafkatests.reference.ReferenceKafka;
import io.jangada.kafkatests.reference.SpokenTo;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Holds all conversations with a real Kafka and with Jangada and compares the answers: {@code
 * Compare [--self] [--kafka] [--print] [--update] [BEGINNING OF A CONVERSATION'S NAME]…}.
 *
 * <ul>
 *   <li>{@code --self}: a second Kafka in Jangada's place. Nothing may differ: what does is not
 *       normalised.
 *   <li>{@code --kafka}: Kafka alone; prints what it answers.
 *   <li>{@code --print}: prints each request, and both answers where they differ.
 *   <li>{@code --update}: writes docs/KAFKA-COMPATIBILITY.md instead of comparing it.
 * </ul>
 *
 * <p>Ends with 1 if there is a difference that is neither in allowed-differences.txt nor in
 * open-differences.txt (which may only become shorter), a line that nothing needs, or an advertised
 * version of an API that no conversation speaks.
 */
public final class Compare {
  private static final Path RESOURCES = Path.of("kafka-tests", "src", "main", "resources");
  private static final Path DOCUMENT = Path.of("docs", "KAFKA-COMPATIBILITY.md");
  private static final int BROKERS = 3;

  /** The conversations make the offsets topic themselves, and nobody waits for further members. */
  private static final Map<String, String> GROUPS =
      Map.of("offsets.topic.num.partitions", "1", "group.initial.rebalance.delay.ms", "0");

  private final Options options;
  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final List<Script> scripts;
  private final AllowedDifferences allowed;
  private final AllowedDifferences open;
  private final List<String> failures = new ArrayList<>();
  private final List<Difference> wrong = new ArrayList<>();
  private final Compatibility compatibility = new Compatibility();

  private record Options(
      boolean self, boolean kafka, boolean print, boolean update, List<String> names) {
    static Options of(String[] arguments) {
      List<String> words = List.of(arguments);
      return new Options(
          words.contains("--self"),
          words.contains("--kafka"),
          words.contains("--print"),
          words.contains("--update"),
          words.stream().filter(word -> !word.startsWith("--")).toList());
    }

    boolean all() {
      return names.isEmpty() && !self;
    }
  }

  private Compare(Options options) throws IOException {
    this.options = options;
    this.allowed = AllowedDifferences.read(RESOURCES.resolve("allowed-differences.txt"));
    this.open = AllowedDifferences.readOpen(RESOURCES.resolve("open-differences.txt"));
    this.scripts =
        Script.readAll(RESOURCES.resolve("conversations")).stream()
            .filter(
                script ->
                    options.names().isEmpty()
                        || options.names().stream().anyMatch(script.name()::startsWith))
            .toList();
  }

  /** See the class. */
  public static void main(String[] arguments) throws Exception {
    Compare compare = new Compare(Options.of(arguments));
    boolean same = compare.options.kafka() ? compare.tell() : compare.run();
    System.exit(same ? 0 : 1);
  }

  private boolean tell() throws Exception {
    try (SpokenTo kafka = ReferenceKafka.start(BROKERS, GROUPS)) {
      for (Script script : scripts) {
        for (Exchange exchange : Player.play(kafka, script)) {
          out.println(exchange.title());
          out.println("  > " + exchange.request());
          out.println("  < " + exchange.answer());
        }
      }
    }
    return true;
  }

  private boolean run() throws Exception {
    try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<SpokenTo> first = both.submit(() -> ReferenceKafka.start(BROKERS, GROUPS));
      Future<SpokenTo> second = both.submit(this::startOther);
      try {
        for (Script script : scripts) {
          hold(script, both, first.get(), second.get());
        }
      } finally {
        close(first);
        close(second);
      }
    }
    failures.addAll(Difference.report(wrong));
    if (options.all()) {
      allowed
          .unused()
          .forEach(line -> failures.add("nothing needs the allowed difference " + line));
      open.unused()
          .forEach(
              line -> failures.add("no longer open, remove it from open-differences.txt: " + line));
      failures.addAll(compatibility.unspoken());
      document();
    }
    failures.forEach(out::println);
    int passed = compatibility.same();
    out.printf("differences: %d passed, %d failed%n", passed, failures.size());
    return failures.isEmpty() && passed > 0;
  }

  private SpokenTo startOther() throws IOException, InterruptedException {
    return options.self()
        ? ReferenceKafka.start(BROKERS, GROUPS)
        : JangadaUnderTest.start(BROKERS, JangadaUnderTest.LIKE_THE_REFERENCE);
  }

  /** Whatever became of the start: a cluster that was started is closed. */
  private static void close(Future<SpokenTo> cluster) throws IOException, InterruptedException {
    try {
      cluster.get().close();
    } catch (ExecutionException e) {
      System.err.println("not started: " + e.getCause());
    }
  }

  private void hold(Script script, ExecutorService both, SpokenTo kafka, SpokenTo other)
      throws InterruptedException {
    Callable<List<Exchange>> toKafka = () -> Player.play(kafka, script);
    Callable<List<Exchange>> toOther = () -> Player.play(other, script);
    Future<List<Exchange>> expected = both.submit(toKafka);
    Future<List<Exchange>> actual = both.submit(toOther);
    try {
      compare(expected.get(), actual.get());
    } catch (ExecutionException e) {
      failures.add(script.name() + ": broken off: " + e.getCause());
    }
  }

  private void compare(List<Exchange> expected, List<Exchange> actual) {
    Map<Exchange, List<Difference>> differences = new LinkedHashMap<>();
    // One that ended early says so in its last exchange.
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      List<Difference> found = Difference.between(expected.get(i), actual.get(i));
      differences.put(expected.get(i), found);
      if (options.print()) {
        print(expected.get(i), actual.get(i), found.isEmpty());
      }
    }
    differences.forEach(
        (exchange, found) -> {
          List<Difference> notMeant =
              found.stream()
                  .filter(difference -> !allowed.allows(difference) && !open.allows(difference))
                  .toList();
          compatibility.add(exchange, found, notMeant);
          wrong.addAll(notMeant);
        });
    actual.forEach(compatibility::advertised);
  }

  private void print(Exchange expected, Exchange actual, boolean same) {
    out.println((same ? "= " : "! ") + expected.title());
    out.println("  > " + expected.request());
    out.println("  < " + expected.answer());
    if (!same) {
      out.println("  < " + actual.answer());
    }
  }

  private void document() throws IOException {
    String text = compatibility.document(allowed.lines(), open.lines());
    if (options.update()) {
      Files.writeString(DOCUMENT, text);
    } else if (!Files.exists(DOCUMENT) || !Files.readString(DOCUMENT).equals(text)) {
      failures.add(DOCUMENT + " is not what was found; write it with make kafka-diff UPDATE=1");
    }
    new TreeSet<>(compatibility.errorsByApi().keySet())
        .forEach(api -> out.println(api + ": " + compatibility.errorsByApi().get(api)));
  }
}
