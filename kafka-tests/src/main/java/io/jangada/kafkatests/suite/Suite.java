// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.PlaintextConsumerFetchTest;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs Kafka's own integration tests: {@code Suite [--kafka] [--all] [--fresh] [--update]
 * [CLASS[#METHOD]]…}.
 *
 * <p>Without names those of the floor, the tests that pass against any Kafka in other processes,
 * and with {@code --all} every test there is. {@code --kafka} runs them against a real Kafka
 * instead: what fails there is this harness. {@code --fresh} boots a new cluster for each test.
 * {@code --update} writes docs/KAFKA-SUITE.md.
 *
 * <p>Ends with 1 if a test of the floor neither passes nor is named in {@code not-yet.txt}, if one
 * that is named passes, or if one passes in no time at all.
 */
public final class Suite {
  private static final Path RESOURCES =
      Path.of("kafka-tests", "src", "main", "resources", "kafka-suite");

  private final Set<String> words;
  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private Suite(Set<String> words) {
    this.words = words;
  }

  /** See the class. */
  public static void main(String[] arguments) throws Exception {
    Suite suite = new Suite(new TreeSet<>(List.of(arguments)));
    System.exit(suite.run() ? 0 : 1);
  }

  private boolean run() throws IOException {
    Set<String> floor = new TreeSet<>(lines("floor.txt"));
    Gate gate = new Gate(floor, lines("not-yet.txt"), lines("reasons.txt"));
    Set<String> wanted = new TreeSet<>(words);
    wanted.removeIf(word -> word.startsWith("--"));
    boolean whole = wanted.isEmpty();
    if (whole && !words.contains("--all")) {
      wanted.addAll(floor);
      wanted.removeAll(gate.notYet());
    }
    Map<String, Outcome> outcomes;
    try (ClusterHost.Client host = new ClusterHost.Client(hostWords())) {
      TestedCluster.bootWith(host);
      outcomes = execute(wanted);
    }
    List<String> complaints = new ArrayList<>();
    if (whole && !words.contains("--kafka")) {
      complaints.addAll(gate.complaints(outcomes));
      if (words.contains("--update")) {
        Files.writeString(Path.of("docs", "KAFKA-SUITE.md"), gate.document(outcomes));
      }
    }
    complaints.forEach(out::println);
    Map<Outcome.Result, Integer> counts = new TreeMap<>();
    outcomes.values().forEach(outcome -> counts.merge(outcome.result(), 1, Integer::sum));
    out.println("suite: " + counts);
    return complaints.isEmpty();
  }

  private List<String> hostWords() {
    return Stream.of("kafka", "fresh").filter(word -> words.contains("--" + word)).toList();
  }

  private Map<String, Outcome> execute(Set<String> wanted) throws IOException {
    LauncherDiscoveryRequestBuilder request =
        LauncherDiscoveryRequestBuilder.request()
            .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
            .configurationParameter("junit.jupiter.execution.timeout.default", "60 s");
    if (wanted.isEmpty()) {
      request.selectors(DiscoverySelectors.selectClasspathRoots(Set.of(jarOfTests())));
    }
    Map<String, String> classes = Recorder.classesOf(jarOfTests());
    for (String name : wanted) {
      String[] parts = name.split("#", 2);
      String type = classes.get(parts[0]);
      if (type == null) {
        throw new IllegalArgumentException("expected a class of Kafka's tests, but got " + name);
      }
      request.selectors(
          parts.length == 1
              ? DiscoverySelectors.selectClass(type)
              : Recorder.method(type, parts[1]));
    }
    Recorder recorder = new Recorder(out);
    LauncherDiscoveryRequest plan = request.build();
    LauncherFactory.create().execute(plan, recorder);
    return recorder.outcomes();
  }

  private static Path jarOfTests() {
    try {
      URI place =
          PlaintextConsumerFetchTest.class
              .getProtectionDomain()
              .getCodeSource()
              .getLocation()
              .toURI();
      return Path.of(place);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> lines(String file) throws IOException {
    return Files.readAllLines(RESOURCES.resolve(file)).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }
}
