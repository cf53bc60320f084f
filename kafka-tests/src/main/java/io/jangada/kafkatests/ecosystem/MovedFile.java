// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.ecosystem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * Two Connect workers in distributed mode move a file that is still being written: one task reads
 * it into a topic, another writes the topic into a second file. The worker with the writing task is
 * killed, then the leader of the topic, then the worker with the reading task. In the end the files
 * are equal, but for lines that came again after a kill.
 */
final class MovedFile {
  private static final int LINES = 30_000;
  private static final int LINES_PER_SECOND = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(20);
  private static final String TOPIC = "moved-lines";
  private static final String READS = "reads-the-file";
  private static final String WRITES = "writes-the-file";
  private static final String RUNNING = "RUNNING";

  private final Stage stage;
  private final JsonMapper json = new JsonMapper();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<Integer, KafkaProgram> workers = new HashMap<>();

  MovedFile(Stage stage) {
    this.stage = stage;
  }

  String run() throws Exception {
    Path from = stage.directory().resolve("from.txt");
    Path to = stage.directory().resolve("to.txt");
    List<String> text = RealText.lines(LINES);
    List<String> lines =
        IntStream.range(0, text.size())
            .mapToObj(number -> MovedLines.numbered(number, text.get(number)))
            .toList();
    stage.topics().create(TOPIC, 1, stage.brokers());
    try {
      startWorker();
      startWorker();
      configure(
          READS,
          Map.of(
              "connector.class",
              "org.apache.kafka.connect.file.FileStreamSourceConnector",
              "tasks.max",
              "1",
              "file",
              from.toString(),
              "topic",
              TOPIC,
              "batch.size",
              "200"));
      configure(
          WRITES,
          Map.of(
              "connector.class",
              "org.apache.kafka.connect.file.FileStreamSinkConnector",
              "tasks.max",
              "1",
              "file",
              to.toString(),
              "topics",
              TOPIC,
              // The worker that takes over is not to wait for the one that is dead.
              "consumer.override.session.timeout.ms",
              "6000"));
      write(lines.subList(0, lines.size() / 4), from);
      awaitRunning();
      killWorker(WRITES);
      write(lines.subList(lines.size() / 4, lines.size() / 2), from);
      awaitRunning();
      stage.kill(stage.topics().leader(new TopicPartition(TOPIC, 0)), "it leads " + TOPIC);
      write(lines.subList(lines.size() / 2, lines.size() * 3 / 4), from);
      stage.restore();
      awaitRunning();
      killWorker(READS);
      write(lines.subList(lines.size() * 3 / 4, lines.size()), from);
      Stage.await(
          "the last line in the second file",
          PATIENCE,
          () -> Files.exists(to) && endsWith(to, lines.getLast()));
      awaitRunning();
      internalTopics();
      MovedLines.Comparison comparison = MovedLines.compare(lines, Files.readAllLines(to));
      if (!comparison.difference().isEmpty()) {
        throw new IOException(comparison.toString());
      }
      return "%d lines moved, %d of them came again in %d places, %d torn by a kill; else equal"
          .formatted(
              comparison.distinct(), comparison.again(), comparison.rewinds(), comparison.torn());
    } catch (IOException e) {
      throw new IOException(e.getMessage() + state(to) + logTails(), e);
    } finally {
      workers.values().forEach(KafkaProgram::close);
      http.close();
    }
  }

  /** For messages: how far everybody is. */
  private String state(Path to) throws Exception {
    StringBuilder text = new StringBuilder();
    for (String connector : List.of(READS, WRITES)) {
      text.append(System.lineSeparator()).append(status(connector));
    }
    List<String> written = Files.exists(to) ? Files.readAllLines(to) : List.of();
    return text.append(
            "%n%s, committed %s; %d lines written, the last: %s"
                .formatted(
                    stage.ends(TOPIC),
                    stage.committed("connect-" + WRITES),
                    written.size(),
                    written.isEmpty() ? "" : written.getLast()))
        .toString();
  }

  private String status(String connector) throws InterruptedException {
    try {
      return ask(anyWorker(), "/connectors/" + connector + "/status", "").toString();
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }

  private String logTails() {
    StringBuilder text = new StringBuilder();
    workers.forEach(
        (port, worker) -> text.append("%nworker %d: %s".formatted(port, worker.logTail())));
    return text.toString();
  }

  private void startWorker() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap.servers", stage.bootstrap());
    settings.put("group.id", "workers");
    settings.put("listeners", "HTTP://localhost:" + port);
    settings.put("config.storage.topic", "connect-configs");
    settings.put("offset.storage.topic", "connect-offsets");
    settings.put("status.storage.topic", "connect-status");
    settings.put("offset.storage.partitions", "3");
    settings.put("status.storage.partitions", "2");
    for (String kind : List.of("config", "offset", "status")) {
      settings.put(kind + ".storage.replication.factor", Integer.toString(stage.brokers()));
    }
    for (String kind : List.of("key", "value")) {
      settings.put(kind + ".converter", "org.apache.kafka.connect.storage.StringConverter");
    }
    settings.put("offset.flush.interval.ms", "1000");
    settings.put("session.timeout.ms", "6000");
    settings.put("heartbeat.interval.ms", "1000");
    settings.put("scheduled.rebalance.max.delay.ms", "1000");
    settings.put("plugin.discovery", "service_load");
    settings.put("connector.client.config.override.policy", "All");
    // What a killed leader did not answer is sent again, and is in the log once.
    settings.put("producer.enable.idempotence", "true");
    Path config = stage.properties("worker-" + port + ".properties", settings);
    workers.put(
        port,
        KafkaProgram.start(
            stage.directory().resolve("worker-" + port + ".log"),
            "org.apache.kafka.connect.cli.ConnectDistributed",
            config.toString()));
    Stage.await(
        "an answer of worker " + port,
        PATIENCE,
        () -> {
          if (!workers.get(port).running()) {
            throw new IOException("worker " + port + " ended");
          }
          return answers(port);
        });
    stage.say("worker " + port + " serves");
  }

  private boolean answers(int port) throws InterruptedException {
    try {
      return ask(port, "/connectors", "").isArray();
    } catch (IOException e) {
      // Not yet, or no longer.
      return false;
    }
  }

  /** Asks a worker; with a body it is a PUT. */
  private JsonNode ask(int port, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .timeout(REQUEST_PATIENCE);
    if (!body.isEmpty()) {
      request
          .header("Content-Type", "application/json")
          .PUT(HttpRequest.BodyPublishers.ofString(body));
    }
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IOException(path + ": " + response.statusCode() + " " + response.body());
    }
    return json.readTree(response.body());
  }

  private int anyWorker() {
    return workers.keySet().iterator().next();
  }

  private void configure(String connector, Map<String, String> config) throws Exception {
    String body = json.writeValueAsString(config);
    Stage.await(
        "connector " + connector + " taken",
        PATIENCE,
        () -> {
          try {
            ask(anyWorker(), "/connectors/" + connector + "/config", body);
            return true;
          } catch (IOException e) {
            // The group of the workers is being formed.
            stage.say(e.getMessage());
            return false;
          }
        });
  }

  /** The port of the worker that runs a connector's task, or -1 if none does. */
  private int runs(String connector) throws InterruptedException {
    try {
      JsonNode task =
          ask(anyWorker(), "/connectors/" + connector + "/status", "").path("tasks").path(0);
      String worker = task.path("worker_id").asText();
      int port =
          worker.isEmpty() ? -1 : Integer.parseInt(worker.substring(worker.lastIndexOf(':') + 1));
      return task.path("state").asText().equals(RUNNING) && workers.containsKey(port) ? port : -1;
    } catch (IOException e) {
      // The workers are at it.
      return -1;
    }
  }

  private void awaitRunning() throws Exception {
    Stage.await("both tasks running", PATIENCE, () -> runs(READS) >= 0 && runs(WRITES) >= 0);
  }

  private void killWorker(String connector) throws Exception {
    int port = runs(connector);
    if (port < 0) {
      throw new IOException("nobody runs " + connector);
    }
    KafkaProgram worker = workers.remove(port);
    worker.kill();
    worker.close();
    stage.say("worker " + port + " killed: it runs " + connector);
    startWorker();
  }

  /** Appends lines as a program does that is at work. */
  private static void write(List<String> lines, Path file) throws Exception {
    int each = LINES_PER_SECOND / 20;
    for (int begin = 0; begin < lines.size(); begin += each) {
      try (BufferedWriter writer =
          Files.newBufferedWriter(
              file,
              java.nio.file.StandardOpenOption.CREATE,
              java.nio.file.StandardOpenOption.APPEND)) {
        for (String line : lines.subList(begin, Math.min(lines.size(), begin + each))) {
          writer.write(line);
          writer.newLine();
        }
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static boolean endsWith(Path file, String line) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return !lines.isEmpty() && lines.getLast().equals(line);
  }

  /** Connect refuses to start unless they are compacted; it made them itself. */
  private void internalTopics() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (String topic : List.of("connect-configs", "connect-offsets", "connect-status")) {
      String policy = stage.config(topic, "cleanup.policy");
      if (!policy.equals("compact")) {
        wrong.add(topic + " has cleanup.policy=" + policy);
      }
    }
    if (!wrong.isEmpty()) {
      throw new IOException(wrong.toString());
    }
  }
}
