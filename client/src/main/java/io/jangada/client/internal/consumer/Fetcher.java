// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.consumer;

import io.grpc.StatusRuntimeException;
import io.jangada.api.v1.ConsumeResponse;
import io.jangada.api.v1.OffsetPosition;
import io.jangada.api.v1.OffsetQuery;
import io.jangada.api.v1.OffsetResult;
import io.jangada.client.BrokerAddress;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.OffsetReset;
import io.jangada.client.internal.Shared;
import io.jangada.client.internal.metadata.LeaderView;
import io.jangada.client.internal.metadata.MetadataView;
import io.jangada.client.internal.metadata.TopicView;
import io.jangada.client.internal.net.Connection;
import io.jangada.client.internal.net.Signal;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.wire.WireErrors;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every partition assigned to its leader's stream, and follows leaders when they move. For
 * the polling thread.
 */
final class Fetcher implements FetchStream.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);

  /** How long brokers may say that a topic does not exist: one just created is news to some. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(2).toNanos();

  private final ConsumerConfig config;
  private final Shared shared;
  private final Signal signal;
  private final OffsetLookup offsets;
  private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
  private final Map<BrokerAddress, FetchStream> streams = new HashMap<>();
  private final Map<PartitionFetch, Lookup> lookups = new HashMap<>();
  private final Map<PartitionFetch, OffsetReset> starts = new HashMap<>();
  private final Map<PartitionFetch, Long> missingSince = new HashMap<>();

  /** An offset that is being asked for, and where. */
  private record Lookup(LeaderView leader, CompletableFuture<OffsetResult> answer) {}

  Fetcher(ConsumerConfig config, Shared shared, Signal signal, OffsetLookup offsets) {
    this.config = config;
    this.shared = shared;
    this.signal = signal;
    this.offsets = offsets;
  }

  /** Finds the position of a partition out before reading it. */
  void start(PartitionFetch partition, OffsetReset where) {
    forget(partition);
    partition.unposition();
    starts.put(partition, where);
  }

  /** No longer reads a partition, or finds out where to. */
  void forget(PartitionFetch partition) {
    lookups.remove(partition);
    starts.remove(partition);
    missingSince.remove(partition);
  }

  /** Takes in what the network has left. */
  void handleEvents() {
    for (Runnable event = events.poll(); event != null; event = events.poll()) {
      event.run();
    }
  }

  /** Does for a partition what can be done now; true if it is being read. */
  boolean drive(PartitionFetch partition, long nowNanos) {
    if (partition.trouble() != null) {
      return false;
    }
    if (partition.paused() && partition.positioned()) {
      return true;
    }
    Optional<LeaderView> leader = route(partition, nowNanos);
    PartitionFetch.Place place = partition.place();
    if (place != null) {
      if (leader.isEmpty() || !moved(place.leader(), leader.get())) {
        return true;
      }
      shared.meters().readsMoved.increment();
      LOG.debug("{}: leader moved to {}", partition.partition(), leader.get());
      partition.leave();
      partition.tryAgainNow();
    }
    if (partition.waitNanos(nowNanos) > 0) {
      return false;
    }
    if (leader.isEmpty()) {
      withoutLeader(partition, nowNanos);
      return false;
    }
    missingSince.remove(partition);
    if (!partition.positioned()) {
      lookUp(partition, leader.get(), nowNanos);
      if (partition.positioned()) {
        return drive(partition, nowNanos); // perhaps from another replica
      }
    }
    if (partition.positioned() && !partition.paused()) {
      FetchStream stream = stream(leader.get().address(), nowNanos);
      if (stream != null) {
        partition.arrive(stream, leader.get());
        count(leader.get());
      }
    }
    return partition.place() != null;
  }

  /** Ends all streams. */
  void close() {
    streams.values().forEach(stream -> stream.cancel("the consumer is closed"));
    streams.clear();
  }

  /** Offsets are the leader's to tell; records may be read nearer. */
  private Optional<LeaderView> route(PartitionFetch partition, long nowNanos) {
    return partition.positioned() && partition.followersWelcome(nowNanos)
        ? shared.routes().toReplica(partition.partition(), config.rack(), nowNanos)
        : shared.routes().toLeader(partition.partition(), nowNanos);
  }

  private void count(LeaderView place) {
    switch (place.access()) {
      case LEADER -> {
        // The rule.
      }
      case FORWARDING -> shared.meters().readsForwarded.increment();
      case FOLLOWER -> shared.meters().readsFromFollowers.increment();
    }
  }

  private static boolean moved(LeaderView from, LeaderView to) {
    return to.leaderEpoch() > from.leaderEpoch()
        || !to.topic().equals(from.topic())
        || (from.access() != to.access() && to.access() != LeaderView.Access.FORWARDING);
  }

  private void withoutLeader(PartitionFetch partition, long nowNanos) {
    TopicPartition which = partition.partition();
    MetadataView view = shared.cache().view();
    TopicView topic = view.topics().get(which.topic());
    if (topic != null && which.partition() >= topic.partitions().size()) {
      partition.trouble(
          new JangadaException(
              ErrorCode.UNKNOWN_PARTITION,
              "expected partition "
                  + which
                  + " to exist, but "
                  + which.topic()
                  + " has "
                  + topic.partitions().size()));
      return;
    }
    if (topic == null && view.missing().containsKey(which.topic())) {
      long since = missingSince.computeIfAbsent(partition, p -> nowNanos);
      if (nowNanos - since > PATIENCE_NANOS) {
        missingSince.remove(partition);
        partition.trouble(
            new JangadaException(
                ErrorCode.UNKNOWN_TOPIC,
                "expected topic " + which.topic() + " to exist, but the cluster has none",
                "create it: jangada topic create " + which.topic()));
        return;
      }
    }
    shared.updater().refresh(null);
    partition.backOff(nowNanos);
  }

  private static OffsetQuery query(@Nullable OffsetReset where) {
    return OffsetQuery.newBuilder()
        .setPosition(
            where == OffsetReset.END
                ? OffsetPosition.OFFSET_POSITION_END
                : OffsetPosition.OFFSET_POSITION_BEGINNING)
        .build();
  }

  private void lookUp(PartitionFetch partition, LeaderView leader, long nowNanos) {
    Lookup running = lookups.get(partition);
    if (running == null || moved(running.leader(), leader)) {
      CompletableFuture<OffsetResult> answer =
          offsets.askOnce(partition.partition(), leader, query(starts.get(partition)));
      lookups.put(partition, new Lookup(leader, answer));
      var unused = answer.whenComplete((result, failure) -> signal.raise());
      return;
    }
    if (!running.answer().isDone()) {
      return;
    }
    lookups.remove(partition);
    try {
      OffsetResult result = running.answer().join();
      JangadaException error = OffsetLookup.errorIn(result);
      if (error != null) {
        lookupFailed(partition, error, result.getError(), nowNanos);
      } else {
        starts.remove(partition);
        partition.seek(Math.max(0, result.getOffset()));
      }
    } catch (CompletionException e) {
      JangadaException error =
          e.getCause() instanceof JangadaException typed
              ? typed
              : new JangadaException(ErrorCode.INTERNAL, "expected an offset", "", true, e);
      shared.updater().refresh(leader.address());
      lookupFailed(partition, error, null, nowNanos);
    }
  }

  private void lookupFailed(
      PartitionFetch partition,
      JangadaException error,
      io.jangada.api.v1.@Nullable Error wire,
      long nowNanos) {
    if (!error.retriable()) {
      partition.trouble(error);
      return;
    }
    retryLater(partition, error, wire, nowNanos);
  }

  private void retryLater(
      PartitionFetch partition,
      JangadaException error,
      io.jangada.api.v1.@Nullable Error wire,
      long nowNanos) {
    LOG.debug("{}: {} {}", partition.partition(), error.code(), error.getMessage());
    partition.backOff(nowNanos);
    if (wire != null && wire.hasLeader()) {
      MetadataView before = shared.cache().view();
      shared.cache().learn(partition.partition(), wire.getLeader());
      if (!shared.cache().view().equals(before)) {
        partition.tryAgainNow();
      }
    }
    if (error.code() != ErrorCode.OVERLOADED && error.code() != ErrorCode.OFFSET_NOT_AVAILABLE) {
      shared.updater().refresh(null);
    }
  }

  private @Nullable FetchStream stream(BrokerAddress address, long nowNanos) {
    FetchStream open = streams.get(address);
    if (open != null) {
      return open;
    }
    Connection connection = shared.connections().to(address);
    if (connection.waitNanos(nowNanos) > 0) {
      return null;
    }
    FetchStream stream = FetchStream.open(connection, config.bufferBytes(), this::enqueue, this);
    streams.put(address, stream);
    return stream;
  }

  private void enqueue(Runnable event) {
    events.add(event);
    signal.raise();
  }

  // What streams bring.

  @Override
  public void received(FetchStream stream, PartitionFetch partition, ConsumeResponse response) {
    PartitionFetch.Place place = partition.place();
    if (place == null
        || place.stream() != stream
        || place.assignmentId() != response.getAssignmentId()) {
      stream.giveCredit(response.getRecordBatches().size());
      return;
    }
    shared.meters().bytesReceived.add(response.getRecordBatches().size());
    if (response.hasError()) {
      shared.meters().readsMoved.increment();
      partition.left();
      stream.giveCredit(response.getRecordBatches().size());
      if (place.leader().access() == LeaderView.Access.FOLLOWER) {
        // Whatever it is, only the leader's word on it counts.
        LOG.debug("{}: a follower cannot serve: {}", partition.partition(), response.getError());
        partition.avoidFollowers(System.nanoTime());
      } else {
        assignmentEnded(partition, response.getError());
      }
      return;
    }
    try {
      partition.receive(stream, response);
    } catch (JangadaException e) {
      LOG.warn("{}: {} sent damaged data", partition.partition(), stream.address(), e);
      partition.leave();
      partition.backOff(System.nanoTime());
      partition.trouble(e);
    }
  }

  private void assignmentEnded(PartitionFetch partition, io.jangada.api.v1.Error wire) {
    JangadaException error = WireErrors.fromWire(wire);
    if (error.code() == ErrorCode.OFFSET_OUT_OF_RANGE && config.reset() != OffsetReset.FAIL) {
      LOG.warn(
          "{}: {}; reading on at {}", partition.partition(), error.getMessage(), config.reset());
      start(partition, config.reset());
    } else if (error.retriable()) {
      retryLater(partition, error, wire, System.nanoTime());
    } else {
      partition.trouble(error);
    }
  }

  @Override
  public void ended(FetchStream stream, StatusRuntimeException why) {
    LOG.debug("stream from {} ended", stream.address(), why);
    streams.remove(stream.address(), stream);
    shared.updater().refresh(stream.address());
  }
}
