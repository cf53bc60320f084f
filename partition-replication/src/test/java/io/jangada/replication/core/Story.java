// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs a story: each line is something that happens to one replica, the indented lines after it are
 * the expected effects. {@code resources/stories/README.txt} has the vocabulary.
 */
final class Story {
  private static final UUID TOPIC = new UUID(0, 1);
  private static final UUID OTHER_TOPIC = new UUID(0, 2);
  private static final long DEADLINE_MS = 30_000;

  private @Nullable PartitionReplica replica;
  private int brokerId;
  private long nowMs;

  /** The story with the effects as they are now: equal to the text if it holds. */
  static String retell(String text) {
    Story story = new Story();
    StringBuilder out = new StringBuilder();
    for (String line : text.lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        out.append(line).append('\n');
      } else if (!line.startsWith(" ")) {
        out.append(line).append('\n');
        for (String effect : story.happen(line)) {
          out.append("    ").append(effect).append('\n');
        }
      }
    }
    return out.toString();
  }

  private List<String> happen(String line) {
    String[] words = line.split(" ");
    Map<String, String> args = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      args.put(equals < 0 ? "what" : words[i].substring(0, equals), words[i].substring(equals + 1));
    }
    Args a = new Args(args);
    return switch (words[0]) {
      case "replica" -> {
        replica = recover(a);
        yield List.of(StoryText.state(replica));
      }
      case "state" -> List.of(StoryText.state(theReplica()));
      case "read" ->
          List.of(verdict(theReplica().readView().refuseFetch(a.num("offset"), a.epoch())));
      case "list" -> List.of(verdict(theReplica().readView().refuseListOffsets(a.epoch())));
      default -> step(event(words[0], a));
    };
  }

  private List<String> step(PartitionEvent event) {
    return theReplica().step(event, nowMs).stream().map(StoryText::of).toList();
  }

  private PartitionEvent event(String verb, Args a) {
    return switch (verb) {
      case "metadata" -> metadata(a);
      case "reached" -> new PartitionEvent.MetadataAdvanced(a.num("index"));
      case "append" -> append(a);
      case "durable" -> new PartitionEvent.LocalDurable(a.num("to"), (int) a.num("gen", 0));
      case "subscribed" ->
          new PartitionEvent.FollowerSubscribed(
              a.session(),
              a.has("topic") ? OTHER_TOPIC : TOPIC,
              (int) a.num("epoch"),
              a.num("from"),
              (int) a.num("last"));
      case "acked" -> new PartitionEvent.FollowerAcked(a.session(), a.num("to"));
      case "gone" -> new PartitionEvent.FollowerGone(a.session());
      case "isr-answer" -> new PartitionEvent.IsrChangeAnswered(a.num("id"), outcome(a));
      case "answered" -> new PartitionEvent.SubscribeAnswered(a.num("s"), answer(a));
      case "pushed" ->
          new PartitionEvent.Replicated(
              a.num("s"), a.batches("batches"), a.num("hw"), a.num("start", 0));
      case "lost" -> new PartitionEvent.StreamLost(a.num("s"));
      case "deleted" -> new PartitionEvent.LogStartMoved(a.num("to"));
      case "stop" -> new PartitionEvent.Stop(ErrorCode.valueOf(a.text("what")), "told to");
      case "tick" -> {
        nowMs += a.num("ms", 100);
        yield new PartitionEvent.Tick();
      }
      default -> throw new IllegalArgumentException("expected an event, but got " + verb);
    };
  }

  private PartitionReplica recover(Args a) {
    brokerId = (int) a.num("broker");
    LeaderEpochHistory epochs = new LeaderEpochHistory();
    ProducerStates producers = new ProducerStates();
    long start = a.num("start", 0);
    long end = start;
    for (RecordBatch batch : a.batches("log")) {
      epochs.append(batch.partitionLeaderEpoch(), batch.baseOffset());
      end = batch.nextOffset();
    }
    RecoveredLog log =
        new RecoveredLog(start, end, a.num("durable", end), a.num("hw", start), epochs, producers);
    return new PartitionReplica(
        new TopicIdPartition(TOPIC, 0), brokerId, ReplicaConfig.DEFAULT, log);
  }

  private PartitionEvent metadata(Args a) {
    List<BrokerView> replicas = new ArrayList<>();
    long self = -1;
    for (String broker : a.text("replicas").split(",")) {
      boolean fenced = broker.endsWith("!");
      String[] parts = broker.replace("!", "").split(":");
      BrokerView view =
          new BrokerView(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), !fenced);
      replicas.add(view);
      self = view.brokerId() == brokerId ? view.brokerEpoch() : self;
    }
    List<Integer> isr = new ArrayList<>();
    for (String member : a.text("isr").split(",")) {
      isr.add(Integer.parseInt(member));
    }
    PartitionAssignment assignment =
        new PartitionAssignment(
            a.num("index"),
            (int) a.num("leader"),
            (int) a.num("epoch"),
            (int) a.num("pepoch"),
            isr,
            (int) a.num("minisr", 2),
            replicas);
    return new PartitionEvent.MetadataChanged(assignment, a.num("self", self));
  }

  private PartitionEvent append(Args a) {
    RecordBatch batch =
        TestBatches.batch(
            (int) a.num("records", 1),
            a.num("pid", -1),
            (short) a.num("pepoch", a.has("pid") ? 0 : -1),
            (int) a.num("seq", -1));
    Acks acks = Acks.valueOf((a.has("acks") ? a.text("acks") : "all").toUpperCase(Locale.ROOT));
    return new PartitionEvent.Append(a.num("id"), batch, acks, a.epoch(), nowMs + DEADLINE_MS);
  }

  private static IsrChangeOutcome outcome(Args a) {
    return switch (a.text("what")) {
      case "accepted" -> new IsrChangeOutcome.Accepted(a.num("index"));
      case "rejected" ->
          new IsrChangeOutcome.Rejected(ErrorCode.valueOf(a.text("code")), a.num("index"));
      default -> new IsrChangeOutcome.Unknown();
    };
  }

  private static SubscribeAnswer answer(Args a) {
    return switch (a.text("what")) {
      case "ok" -> new SubscribeAnswer.Ok();
      case "diverged" -> new SubscribeAnswer.Diverged((int) a.num("epoch"), a.num("end"));
      case "fenced" -> new SubscribeAnswer.Fenced((int) a.num("epoch"));
      case "not-yet-leader" -> new SubscribeAnswer.NotYetLeader();
      case "below-log-start" -> new SubscribeAnswer.BelowLogStart(a.num("start"));
      default -> new SubscribeAnswer.UnknownTopicId();
    };
  }

  private static String verdict(@Nullable ErrorCode refused) {
    return refused == null ? "served" : refused.name();
  }

  private PartitionReplica theReplica() {
    if (replica == null) {
      throw new IllegalStateException("expected the story to begin with a replica");
    }
    return replica;
  }

  /** The words of a line. */
  private record Args(Map<String, String> values) {
    boolean has(String key) {
      return values.containsKey(key);
    }

    String text(String key) {
      String value = values.get(key);
      if (value == null) {
        throw new IllegalArgumentException("expected " + key + "=…, but got " + values);
      }
      return value;
    }

    long num(String key) {
      return Long.parseLong(text(key));
    }

    long num(String key, long otherwise) {
      return has(key) ? num(key) : otherwise;
    }

    int epoch() {
      return (int) num("epoch", ReadView.ANY_EPOCH);
    }

    FollowerSession session() {
      String[] parts = text("what").split("/");
      return new FollowerSession(
          Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    /** As [0,10)@1;[10,20)@2. */
    List<RecordBatch> batches(String key) {
      List<RecordBatch> batches = new ArrayList<>();
      for (String one : has(key) ? text(key).split(";") : new String[0]) {
        String[] parts = one.split("[\\[,)@]+");
        batches.add(
            TestBatches.placed(
                Long.parseLong(parts[1]), Long.parseLong(parts[2]), Integer.parseInt(parts[3])));
      }
      return batches;
    }
  }
}
