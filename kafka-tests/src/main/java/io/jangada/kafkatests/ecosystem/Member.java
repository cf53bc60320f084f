// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.ecosystem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A VerifiableConsumer, and all that it has said. Killed and stopped by one thread. */
final class Member implements AutoCloseable {
  private final String name;
  private final KafkaProgram program;
  private final Thread listener;
  private final List<JsonNode> events = new ArrayList<>();
  private volatile boolean assigned;

  private Member(String name, KafkaProgram program) {
    this.name = name;
    this.program = program;
    this.listener = Thread.ofPlatform().daemon().name("listens-to-" + name).start(this::listen);
  }

  static Member start(String name, Path directory, String... arguments) throws IOException {
    return new Member(
        name,
        KafkaProgram.startRead(
            directory.resolve(name + ".log"),
            "org.apache.kafka.tools.VerifiableConsumer",
            arguments));
  }

  private void listen() {
    JsonMapper json = new JsonMapper();
    try (BufferedReader lines = program.process().inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // What a killed process was just writing has no end.
        if (line.endsWith("}")) {
          JsonNode event = json.readTree(line);
          events.add(event);
          assigned |= is(event, "partitions_assigned") && !event.path("partitions").isEmpty();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(name + " said what cannot be read", e);
    }
  }

  private static boolean is(JsonNode event, String what) {
    return event.path("name").asText().equals(what);
  }

  String name() {
    return name;
  }

  /** Whether it has had a partition. */
  boolean assigned() {
    return assigned;
  }

  boolean running() {
    return program.running();
  }

  String logTail() {
    return program.logTail();
  }

  void kill() throws InterruptedException {
    program.kill();
  }

  /** Leaves the group. */
  void stop() throws InterruptedException {
    program.stop();
  }

  /** Adds what it said; it has ended. */
  void tell(Deliveries deliveries, String topic) throws InterruptedException, IOException {
    listener.join();
    for (JsonNode event : events) {
      long atMs = event.path("timestamp").asLong();
      if (is(event, "record_data")) {
        deliveries.value(event.path("value").asText());
      } else if (is(event, "records_consumed")) {
        for (JsonNode of : event.path("partitions")) {
          long from = of.path("minOffset").asLong();
          long to = of.path("maxOffset").asLong() + 1;
          if (to - from != of.path("count").asLong()) {
            throw new IOException(name + " was given a gap: " + of);
          }
          deliveries.read(atMs, name, of.path("partition").asInt(), from, to);
        }
      } else if (is(event, "offsets_committed") && event.path("success").asBoolean()) {
        for (JsonNode of : event.path("offsets")) {
          if (of.path("topic").asText().equals(topic)) {
            deliveries.committed(
                atMs, name, of.path("partition").asInt(), of.path("offset").asLong());
          }
        }
      }
    }
  }

  @Override
  public void close() {
    program.close();
  }
}
