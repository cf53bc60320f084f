// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jangada.kafkatests.reference.SpokenTo;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Waits until brokers know what became of a topic. Thread-safe. */
public final class TopicWatch {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration INTERVAL = Duration.ofMillis(20);
  private static final short METADATA_VERSION = 12;

  private TopicWatch() {}

  /**
   * Returns once each of these brokers knows a leader for so many partitions.
   *
   * @throws IllegalStateException if that takes too long
   */
  public static void awaitLeaders(
      SpokenTo cluster, Collection<Integer> brokers, String topic, int partitions)
      throws IOException, InterruptedException {
    await(cluster, brokers, topic, answer -> leaders(answer) == partitions);
  }

  /** Returns once none of these brokers knows the topic. */
  public static void awaitGone(SpokenTo cluster, Collection<Integer> brokers, String topic)
      throws IOException, InterruptedException {
    await(
        cluster,
        brokers,
        topic,
        answer -> answer.path("errorCode").asInt() == Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  private static void await(
      SpokenTo cluster, Collection<Integer> brokers, String topic, Predicate<JsonNode> condition)
      throws IOException, InterruptedException {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("allowAutoTopicCreation", false);
    request.putArray("topics").addObject().put("name", topic);
    long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
    for (int broker : brokers) {
      try (Wire wire = new Wire(cluster.broker(broker))) {
        JsonNode answer = ask(wire, request);
        while (!condition.test(answer)) {
          if (System.nanoTime() > deadlineNanos) {
            throw new IllegalStateException(
                "%s: broker %d still says of %s: %s"
                    .formatted(cluster.name(), broker, topic, answer));
          }
          TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
          answer = ask(wire, request);
        }
      }
    }
  }

  private static JsonNode ask(Wire wire, ObjectNode request) throws IOException {
    wire.send(Messages.request(ApiKeys.METADATA, METADATA_VERSION, 1, request));
    return switch (wire.receive(PATIENCE)) {
      case Wire.Answer.Frame frame ->
          Messages.response(ApiKeys.METADATA, METADATA_VERSION, 1, frame.bytes())
              .path("topics")
              .path(0);
      case Wire.Answer.Closed closed -> throw new IOException("Metadata: closed");
      case Wire.Answer.Silence silence -> throw new IOException("Metadata: no answer");
    };
  }

  private static long leaders(JsonNode topic) {
    return topic.path("partitions").findValuesAsText("leaderId").stream()
        .filter(leader -> Integer.parseInt(leader) >= 0)
        .count();
  }
}
