// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.ecosystem;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs each show: {@code Ecosystem [--kafka] [NAME]…}, where a name is {@code VerifiableConsumer},
 * {@code Connect}, {@code Streams} or {@code MirrorMaker}. {@code --kafka} runs them against a real
 * Kafka, of which no broker is killed: what fails there is this program. Ends with 1 if one fails.
 */
public final class Ecosystem {
  private static final int BROKERS = 3;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final boolean kafka;
  private final Set<String> names;
  private int passed;
  private int failed;

  /** Takes place on a cluster; returns what was shown, in a line. */
  private interface Show {
    String run(Stage stage) throws Exception;
  }

  private Ecosystem(boolean kafka, Set<String> names) {
    this.kafka = kafka;
    this.names = names;
  }

  /** See the class. */
  public static void main(String[] arguments) {
    Set<String> names = new TreeSet<>(List.of(arguments));
    boolean kafka = names.remove("--kafka");
    Ecosystem ecosystem = new Ecosystem(kafka, names);
    ecosystem.runAll();
    ecosystem.out.printf("ecosystem: %d passed, %d failed%n", ecosystem.passed, ecosystem.failed);
    System.exit(ecosystem.failed == 0 ? 0 : 1);
  }

  private void runAll() {
    for (String protocol : List.of("classic", "consumer")) {
      attempt(
          "VerifiableConsumer, " + protocol + " protocol",
          stage -> new VerifiedGroup(stage, protocol).run());
    }
    attempt("Connect", stage -> new MovedFile(stage).run());
    attempt("Streams", stage -> new WordCount(stage).run());
    attempt(
        "MirrorMaker",
        stage -> {
          try (Stage far = Stage.ofJangada(1, out);
              Stage reference = Stage.ofKafka(1, out)) {
            return new Mirrors(stage, far, reference).run();
          }
        });
  }

  private void attempt(String name, Show show) {
    if (!names.isEmpty() && names.stream().noneMatch(name::startsWith)) {
      return;
    }
    out.println(name);
    long begin = System.nanoTime();
    try (Stage stage = kafka ? Stage.ofKafka(BROKERS, out) : Stage.ofJangada(BROKERS, out)) {
      String what = show.run(stage);
      passed++;
      out.printf("ok %5.1f s  %s: %s%n", (System.nanoTime() - begin) / 1e9, name, what);
    } catch (Exception | AssertionError e) {
      failed++;
      out.printf("FAILED %5.1f s  %s: %s%n", (System.nanoTime() - begin) / 1e9, name, e);
    }
  }
}
