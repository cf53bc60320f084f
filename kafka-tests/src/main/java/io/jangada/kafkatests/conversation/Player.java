// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jangada.kafkatests.reference.SpokenTo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiKeys;

/** Holds a conversation with a cluster. For one thread. */
public final class Player implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration SILENCE = Duration.ofSeconds(5);
  private static final Duration AWAIT_INTERVAL = Duration.ofMillis(20);
  private static final short CREATE_VERSION = 7;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final SpokenTo cluster;
  private final Script script;
  private final Variables variables = new Variables();
  private final Normaliser normaliser;
  private final Map<Integer, Wire> wires = new HashMap<>();
  private final List<Exchange> exchanges = new ArrayList<>();
  private JsonNode last = MissingNode.getInstance();
  private int correlationId;

  private Player(SpokenTo cluster, Script script) {
    this.cluster = cluster;
    this.script = script;
    Map<Integer, Integer> ports = new HashMap<>();
    cluster.ids().forEach(id -> ports.put(cluster.broker(id).getPort(), id));
    this.normaliser = new Normaliser(ports);
  }

  /**
   * Holds the conversation. It ends early where the cluster does not do what the rest needs, such
   * as creating a topic; the last exchange says so.
   */
  public static List<Exchange> play(SpokenTo cluster, Script script)
      throws IOException, InterruptedException {
    try (Player player = new Player(cluster, script)) {
      for (Step step : script.steps()) {
        if (!player.play(step)) {
          break;
        }
      }
      return player.exchanges;
    }
  }

  /** Returns whether the conversation can go on. */
  private boolean play(Step step) throws IOException, InterruptedException {
    return switch (step) {
      case Step.Create create -> create(create);
      case Step.Send send -> {
        for (short version = send.from(); version <= send.to(); version++) {
          JsonNode request = variables.fillIn(send.fields());
          last = ask(send.broker(), send.api(), version, request);
          record(send.label(), send.api(), version, request);
        }
        yield true;
      }
      case Step.Raw raw -> {
        last = exchange(raw.broker(), raw.api(), raw.version(), 1, raw.frame());
        record(raw.label(), raw.api(), raw.version(), MissingNode.getInstance());
        yield true;
      }
      case Step.Await await -> await(await);
      case Step.Let let -> {
        variables.set(let.name(), last.at(let.pointer()));
        yield true;
      }
      case Step.Reconnect reconnect -> {
        close();
        yield true;
      }
    };
  }

  private void record(String label, ApiKeys api, short version, JsonNode request) {
    exchanges.add(
        new Exchange(
            script.name(),
            label,
            api.messageType.name,
            version,
            request,
            normaliser.normalise(api, last)));
  }

  private JsonNode ask(int broker, ApiKeys api, short version, JsonNode request)
      throws IOException {
    int id = ++correlationId;
    ByteBuffer frame = Messages.request(api, version, id, request);
    boolean unanswered = api == ApiKeys.PRODUCE && request.path("acks").asInt(1) == 0;
    return unanswered ? sendUnanswered(broker, frame) : exchange(broker, api, version, id, frame);
  }

  private ObjectNode exchange(int broker, ApiKeys api, short version, int id, ByteBuffer frame)
      throws IOException {
    Wire wire = wire(broker);
    wire.send(frame);
    return switch (wire.receive(SILENCE)) {
      case Wire.Answer.Frame answer -> Messages.response(api, version, id, answer.bytes());
      case Wire.Answer.Closed closed -> {
        hangUp(broker);
        yield JSON.objectNode().put(Normaliser.CLOSED, true);
      }
      case Wire.Answer.Silence silence -> {
        hangUp(broker);
        yield JSON.objectNode().put("silent", true);
      }
    };
  }

  /** A request that gets no answer; what is asked after it tells whether the connection holds. */
  private ObjectNode sendUnanswered(int broker, ByteBuffer frame) throws IOException {
    wire(broker).send(frame);
    int id = ++correlationId;
    ByteBuffer next = Messages.request(ApiKeys.API_VERSIONS, (short) 0, id, JSON.objectNode());
    ObjectNode after = exchange(broker, ApiKeys.API_VERSIONS, (short) 0, id, next);
    return after.has(Normaliser.CLOSED)
        ? after
        : JSON.objectNode().put("unanswered", !after.has("wrongCorrelationId"));
  }

  private boolean create(Step.Create create) throws IOException, InterruptedException {
    ObjectNode topic = JSON.objectNode().put("name", create.topic());
    topic.put("numPartitions", -1).put("replicationFactor", -1);
    ArrayNode assignments = topic.putArray("assignments");
    for (int partition = 0; partition < create.assignment().size(); partition++) {
      ArrayNode ids =
          assignments.addObject().put("partitionIndex", partition).putArray("brokerIds");
      create.assignment().get(partition).forEach(ids::add);
    }
    ArrayNode configs = topic.putArray("configs");
    create
        .configs()
        .forEach((name, value) -> configs.addObject().put("name", name).put("value", value));
    ObjectNode request = JSON.objectNode().put("timeoutMs", 10_000);
    request.putArray("topics").add(topic);
    JsonNode answer = ask(1, ApiKeys.CREATE_TOPICS, CREATE_VERSION, request);
    JsonNode created = answer.path("topics").path(0);
    last = JSON.objectNode().set("errorCode", created.path("errorCode"));
    record("needs " + create.topic(), ApiKeys.CREATE_TOPICS, CREATE_VERSION, request);
    if (created.path("errorCode").asInt(-1) != 0) {
      return false;
    }
    variables.set(create.topic(), created.path("topicId"));
    normaliser.topic(created.path("topicId").asText(), create.topic());
    TopicWatch.awaitLeaders(cluster, cluster.ids(), create.topic(), create.assignment().size());
    return true;
  }

  private boolean await(Step.Await await) throws IOException, InterruptedException {
    Step.Send send = await.send();
    JsonNode request = variables.fillIn(send.fields());
    long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
    JsonNode answer = ask(send.broker(), send.api(), send.from(), request);
    while (!answer.at(await.pointer()).asText().equals(await.value().asText())) {
      if (System.nanoTime() > deadlineNanos) {
        last = JSON.objectNode().set("awaited", answer.at(await.pointer()));
        record("awaits " + await.value(), send.api(), send.from(), request);
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(AWAIT_INTERVAL.toNanos());
      answer = ask(send.broker(), send.api(), send.from(), request);
    }
    last = JSON.objectNode().set("awaited", await.value());
    record("awaits " + await.value(), send.api(), send.from(), request);
    last = answer;
    return true;
  }

  private Wire wire(int broker) throws IOException {
    Wire wire = wires.get(broker);
    if (wire == null) {
      wire = new Wire(cluster.broker(broker));
      wires.put(broker, wire);
    }
    return wire;
  }

  private void hangUp(int broker) throws IOException {
    Wire wire = wires.remove(broker);
    if (wire != null) {
      wire.close();
    }
  }

  @Override
  public void close() throws IOException {
    for (int broker : List.copyOf(wires.keySet())) {
      hangUp(broker);
    }
  }
}
