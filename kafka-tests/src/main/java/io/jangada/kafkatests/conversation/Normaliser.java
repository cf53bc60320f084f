// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Replaces what differs between any two clusters by what it stands for: a topic's id by the topic,
 * a producer or a member of a group by its number in the order of appearance, ports by brokers, the
 * present time by a word. The text of an error is for people: only whether there is one is kept.
 * Lists that the protocol does not order are ordered.
 */
final class Normaliser {
  /** The field of an answer that says that the connection was closed. */
  static final String CLOSED = "closed";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Conversations tell times long ago; what is later was read from a clock. */
  private static final long PRESENT_MS = 1_500_000_000_000L;

  private static final Set<String> TIMES =
      Set.of(
          "timestamp",
          "maxTimestamp",
          "logAppendTimeMs",
          "lastTimestamp",
          "lastFetchTimestamp",
          "lastCaughtUpTimestamp");
  private static final Set<String> TEXTS =
      Set.of("errorMessage", "batchIndexErrorMessage", "topicConfigErrorMessage");

  /** Of groups; who leads one is a member, too. */
  private static final Set<String> MEMBERS = Set.of("memberId", "leader");

  private static final Set<String> ANY_BROKER = Set.of("controllerId");
  private static final Set<String> EPOCHS =
      Set.of("finalizedFeaturesEpoch", "brokerEpoch", "sessionId");
  private static final Set<String> UNORDERED_IDS =
      Set.of("isrNodes", "offlineReplicas", "eligibleLeaderReplicas", "lastKnownElr");

  /** Settings of brokers that tell where they are. */
  private static final Set<String> PLACES =
      Set.of("advertised.listeners", "listeners", "log.dirs", "controller.quorum.voters");

  /** Of the metadata quorum, which goes on writing. */
  private static final Set<String> OF_THE_QUORUM =
      Set.of("highWatermark", "logEndOffset", "leaderEpoch", "port", "replicaDirectoryId");

  private final Map<String, String> topics = new HashMap<>();
  private final Map<Long, String> producers = new HashMap<>();
  private final Map<String, String> members = new HashMap<>();
  private final Map<Integer, Integer> brokersByPort;

  Normaliser(Map<Integer, Integer> brokersByPort) {
    this.brokersByPort = Map.copyOf(brokersByPort);
  }

  /** From now on that id is written as the topic's. */
  void topic(String id, String name) {
    topics.put(id, name);
  }

  /** An answer in which only what is meant to be the same everywhere is left. */
  JsonNode normalise(ApiKeys api, JsonNode answer) {
    JsonNode copy = answer.deepCopy();
    if (api == ApiKeys.DESCRIBE_QUORUM) {
      withoutOffsets(copy);
    }
    return normalise(copy);
  }

  /** Tells whether there is a number, not which. */
  private static void withoutOffsets(JsonNode node) {
    if (node instanceof ObjectNode fields) {
      for (String name : OF_THE_QUORUM) {
        JsonNode value = fields.path(name);
        boolean none = value.asLong() < 0 || value.asText().equals(Uuid.ZERO_UUID.toString());
        if (!value.isMissingNode() && !none) {
          fields.put(name, "<" + name + ">");
        }
      }
    }
    node.forEach(Normaliser::withoutOffsets);
  }

  private JsonNode normalise(JsonNode node) {
    if (node.isObject()) {
      ObjectNode copy = JSON.objectNode();
      new TreeMap<>(fields(node)).forEach((name, value) -> copy.set(name, field(name, value)));
      if (PLACES.contains(node.path("name").asText()) && copy.path("value").isTextual()) {
        copy.put("value", "<place>");
      }
      return copy;
    } else if (node.isArray()) {
      return sorted(node);
    }
    return node;
  }

  private static Map<String, JsonNode> fields(JsonNode node) {
    Map<String, JsonNode> fields = new HashMap<>();
    node.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue()));
    return fields;
  }

  private ArrayNode sorted(JsonNode array) {
    List<JsonNode> elements = new ArrayList<>();
    array.forEach(element -> elements.add(normalise(element)));
    if (!elements.isEmpty() && elements.getFirst().isObject()) {
      elements.sort(Comparator.comparing(JsonNode::toString));
    }
    return JSON.arrayNode().addAll(elements);
  }

  private JsonNode field(String name, JsonNode value) {
    if (name.equals("errorCode")) {
      return TextNode.valueOf(Errors.forCode((short) value.asInt()).name());
    } else if (TEXTS.contains(name) && value.isTextual() && !value.asText().isEmpty()) {
      return TextNode.valueOf("<text>");
    } else if (name.equals("topicId")) {
      return topicId(value.asText());
    } else if (name.equals("producerId") && value.asLong() >= 0) {
      return TextNode.valueOf(
          producers.computeIfAbsent(value.asLong(), id -> "<producer " + producers.size() + ">"));
    } else if (MEMBERS.contains(name) && value.isTextual() && !value.asText().isEmpty()) {
      return TextNode.valueOf(
          members.computeIfAbsent(value.asText(), id -> "<member " + members.size() + ">"));
    } else if (name.equals("clusterId") && value.isTextual()) {
      return TextNode.valueOf("<cluster>");
    } else if (name.equals("host") && !value.asText().isEmpty()) {
      return TextNode.valueOf("<host>");
    } else if (name.equals("port") && brokersByPort.containsKey(value.asInt())) {
      return TextNode.valueOf("<port of " + brokersByPort.get(value.asInt()) + ">");
    } else if (ANY_BROKER.contains(name) && value.asInt() > 0) {
      return TextNode.valueOf("<a broker>");
    } else if (EPOCHS.contains(name) && value.asLong() > 0) {
      return TextNode.valueOf("<" + name + ">");
    } else if (TIMES.contains(name) && value.asLong() > PRESENT_MS) {
      return TextNode.valueOf("<now>");
    } else if (UNORDERED_IDS.contains(name) && value.isArray()) {
      List<JsonNode> ids = new ArrayList<>();
      value.forEach(ids::add);
      ids.sort(Comparator.comparingInt(JsonNode::asInt));
      return JSON.arrayNode().addAll(ids);
    }
    return normalise(value);
  }

  private TextNode topicId(String id) {
    if (id.equals(Uuid.ZERO_UUID.toString())) {
      return TextNode.valueOf("<none>");
    }
    return TextNode.valueOf("<id of " + topics.getOrDefault(id, "another topic") + ">");
  }
}
