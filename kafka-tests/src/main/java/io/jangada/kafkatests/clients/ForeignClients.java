// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.clients;

import io.jangada.kafkatests.reference.JangadaUnderTest;
import io.jangada.kafkatests.reference.ReferenceKafka;
import io.jangada.kafkatests.reference.SpokenTo;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs each client against three brokers: {@code ForeignClients [--kafka] [NAME]…}. {@code --kafka}
 * runs them against a real Kafka: what fails there is this program. A client that is not installed
 * is left out and named. Ends with 1 if one fails.
 */
public final class ForeignClients {
  private static final int BROKERS = 3;
  private static final Path SCRIPTS =
      Path.of("kafka-tests", "src", "main", "resources", "clients").toAbsolutePath();
  private static final String NODE_MODULES =
      Path.of("target", "kafka-clients", "node_modules").toAbsolutePath().toString();
  private static final String PYTHON = "/usr/bin/python3";
  private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private final SpokenTo cluster;
  private final Topics topics;
  private final Set<String> names;
  private int passed;
  private int failed;
  private int leftOut;

  /** What a client is asked to do; returns what it did, in a line. */
  private interface Task {
    String run() throws Exception;
  }

  private ForeignClients(SpokenTo cluster, Set<String> names) {
    this.cluster = cluster;
    this.topics = new Topics(cluster);
    this.names = names;
  }

  /** See the class. */
  public static void main(String[] arguments) throws Exception {
    Set<String> names = new TreeSet<>(List.of(arguments));
    boolean kafka = names.remove("--kafka");
    ForeignClients clients;
    try (SpokenTo cluster =
        kafka
            ? ReferenceKafka.start(BROKERS)
            : JangadaUnderTest.start(BROKERS, JangadaUnderTest.LIKE_THE_REFERENCE)) {
      clients = new ForeignClients(cluster, names);
      clients.runAll();
    }
    clients.out.printf(
        "clients: %d passed, %d failed, %d skipped%n",
        clients.passed, clients.failed, clients.leftOut);
    System.exit(clients.failed == 0 ? 0 : 1);
  }

  private void runAll() throws InterruptedException {
    attempt("kcat", Programs.works("kcat", "-V"), this::kcat);
    attempt(
        "confluent-kafka (Python)",
        Programs.works(PYTHON, "-c", "import confluent_kafka"),
        () -> script(PYTHON, "confluent.py"));
    attempt(
        "kafkajs",
        Programs.works("ls", NODE_MODULES + "/kafkajs"),
        () -> script("node", "kafkajs.js"));
    attempt("ProducerPerformance", true, this::producerPerformance);
    attempt("EndToEndLatency", true, this::endToEndLatency);
    attempt("ConsumerPerformance", true, this::consumerPerformance);
    attempt("kcat, in a group", Programs.works("kcat", "-V"), this::kcatInAGroup);
    attempt(
        "VerifiableProducer, a leader killed", true, () -> new KilledLeader(cluster, topics).run());
    for (String protocol : List.of("classic", "consumer")) {
      attempt(
          "KafkaConsumer of the " + protocol + " protocol, a coordinator killed",
          true,
          () -> new KilledCoordinator(cluster, topics).run(protocol));
    }
  }

  private void attempt(String name, boolean installed, Task task) {
    if (!names.isEmpty() && names.stream().noneMatch(name::startsWith)) {
      return;
    }
    if (!installed) {
      leaveOut(name + " is not installed");
      return;
    }
    long begin = System.nanoTime();
    try {
      String what = task.run();
      passed++;
      out.printf("ok %5.1f s  %s: %s%n", (System.nanoTime() - begin) / 1e9, name, what);
    } catch (Exception | AssertionError e) {
      failed++;
      out.printf("FAILED %s: %s%n", name, e);
    }
  }

  private void leaveOut(String why) {
    leftOut++;
    out.println("left out: " + why);
  }

  private String script(String interpreter, String file) throws IOException, InterruptedException {
    return Programs.run(
            "",
            Map.of("NODE_PATH", NODE_MODULES),
            interpreter,
            SCRIPTS.resolve(file).toString(),
            cluster.bootstrap(),
            "scripted-" + file.replace('.', '-'))
        .strip();
  }

  private String kcat() throws Exception {
    topics.create("kcat", 1, 3);
    String listed = Programs.run("", Map.of(), "kcat", "-b", cluster.bootstrap(), "-L");
    require(listed.contains(" 3 brokers:") && listed.contains("topic \"kcat\""), listed);
    String lines =
        IntStream.range(0, 100)
            .mapToObj(i -> "k" + i + ":value " + i)
            .collect(Collectors.joining("\n"));
    for (String codec : CODECS) {
      Programs.run(
          lines,
          Map.of(),
          "kcat",
          "-b",
          cluster.bootstrap(),
          "-P",
          "-t",
          "kcat",
          "-p",
          "0",
          "-K",
          ":",
          "-z",
          codec,
          "-X",
          "enable.idempotence=true");
    }
    String read =
        Programs.run(
            "",
            Map.of(),
            "kcat",
            "-b",
            cluster.bootstrap(),
            "-C",
            "-t",
            "kcat",
            "-p",
            "0",
            "-o",
            "beginning",
            "-e",
            "-q",
            "-f",
            "%k:%s\n");
    String expected = (lines + "\n").repeat(CODECS.size());
    require(read.equals(expected), read);
    String at =
        Programs.run("", Map.of(), "kcat", "-b", cluster.bootstrap(), "-Q", "-t", "kcat:0:-1");
    require(at.contains("offset 500"), at);
    return "listed, wrote 500 records in 5 codecs as an idempotent producer, read them back, asked"
        + " for offsets";
  }

  private String producerPerformance() throws Exception {
    topics.create("performance", 3, 3);
    String printed =
        Programs.run(
            "",
            Map.of(),
            Programs.tool(
                "ProducerPerformance",
                "--topic",
                "performance",
                "--num-records",
                "50000",
                "--record-size",
                "1000",
                "--throughput",
                "-1",
                "--bootstrap-server",
                cluster.bootstrap()));
    require(printed.contains("50000 records sent"), printed);
    require(topics.ends("performance") == 50_000, "ends: " + topics.ends("performance"));
    return first(printed, Pattern.compile("50000 records sent, [^,]*"));
  }

  private String consumerPerformance() throws Exception {
    topics.create("performance-read", 3, 3);
    Programs.run(
        "",
        Map.of(),
        Programs.tool(
            "ProducerPerformance",
            "--topic",
            "performance-read",
            "--num-records",
            "20000",
            "--record-size",
            "1000",
            "--throughput",
            "-1",
            "--bootstrap-server",
            cluster.bootstrap()));
    String printed =
        Programs.run(
            "",
            Map.of(),
            Programs.tool(
                "ConsumerPerformance",
                "--bootstrap-server",
                cluster.bootstrap(),
                "--topic",
                "performance-read",
                "--num-records",
                "20000",
                "--group",
                "performance",
                "--timeout",
                "60000"));
    require(printed.contains(", 20000,"), printed);
    return "20000 records read in a group";
  }

  private String kcatInAGroup() throws Exception {
    topics.create("kcat-group", 2, 3);
    Programs.run(
        "one\ntwo\nthree\n", Map.of(), "kcat", "-b", cluster.bootstrap(), "-P", "-t", "kcat-group");
    String[] consume = {
      "kcat", "-b", cluster.bootstrap(), "-q", "-e", "-o", "beginning", "-G", "kcats", "kcat-group"
    };
    String first = Programs.run("", Map.of(), consume);
    require(first.lines().count() == 3, first);
    return "joined as the only member, read 3 records to the end";
  }

  private String endToEndLatency() throws Exception {
    topics.create("latency", 1, 3);
    String printed =
        Programs.run(
            "",
            Map.of(),
            Programs.tool("EndToEndLatency", cluster.bootstrap(), "latency", "500", "all", "100"));
    return first(printed, Pattern.compile("Percentiles:[^\\n]*"));
  }

  private static String first(String text, Pattern pattern) throws IOException {
    Matcher matcher = pattern.matcher(text);
    require(matcher.find(), text);
    return matcher.group();
  }

  private static void require(boolean condition, String instead) throws IOException {
    if (!condition) {
      throw new IOException("not as expected: " + instead);
    }
  }
}
