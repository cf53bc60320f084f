// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.api.v1.Acks;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.client.Acknowledgement;
import io.jangada.client.BrokerAddress;
import io.jangada.client.ProducerConfig;
import io.jangada.client.UnexpectedOffsetException;
import io.jangada.client.internal.Shared;
import io.jangada.client.internal.metadata.LeaderView;
import io.jangada.client.internal.net.Connection;
import io.jangada.client.internal.net.Signal;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.wire.WireErrors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns all that is being sent: it takes events, steps each partition that has work,
 * and waits. Callbacks of users run here, with no lock held.
 */
final class Sender implements Runnable, SenderPorts, ProduceStream.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

  /** What the broker's own timeout is given before the client's sets in. */
  private static final long ANSWER_SLACK_NANOS = 2_000_000_000L;

  private final ProducerConfig config;
  private final Shared shared;
  private final Accumulator accumulator;
  private final Signal signal;
  private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();
  private final ProducerIds ids;
  private final Map<TopicPartition, PartitionLane> lanes = new HashMap<>();
  private final Map<TopicPartition, PartitionLane> active = new LinkedHashMap<>();
  private final Map<BrokerAddress, ProduceStream> streams = new HashMap<>();
  private final Runnable onMetadata;
  private volatile boolean closing;
  private volatile long closeAtNanos;

  Sender(ProducerConfig config, Shared shared, Accumulator accumulator, Signal signal) {
    this.config = config;
    this.shared = shared;
    this.accumulator = accumulator;
    this.signal = signal;
    this.ids = new ProducerIds(shared.rotation(), shared.config().attemptTimeout(), this::enqueue);
    this.onMetadata = signal::raise;
  }

  /** Ends the thread when everything is answered for, or at a time. */
  void closeAt(long nanos) {
    closeAtNanos = nanos;
    closing = true;
    signal.raise();
  }

  @Override
  public void run() {
    shared.cache().onChange(onMetadata);
    try {
      while (!over(System.nanoTime())) {
        signal.await(turn());
      }
    } finally {
      shared.cache().forget(onMetadata);
      end();
    }
  }

  private boolean over(long nowNanos) {
    return closing && (accumulator.empty() || nowNanos - closeAtNanos >= 0);
  }

  /** One round; returns how long nothing has to be done. */
  private long turn() {
    try {
      for (Runnable event = events.poll(); event != null; event = events.poll()) {
        event.run();
      }
      for (PartitionQueue queue = accumulator.pollNewlyFilled();
          queue != null;
          queue = accumulator.pollNewlyFilled()) {
        PartitionQueue filled = queue;
        PartitionLane lane = lanes.computeIfAbsent(queue.partition(), p -> laneOf(filled));
        active.put(queue.partition(), lane);
      }
      return stepLanes(System.nanoTime());
    } catch (RuntimeException e) {
      LOG.error("the producer's sender met a defect and goes on", e);
      return TICK_NANOS;
    }
  }

  private PartitionLane laneOf(PartitionQueue queue) {
    PartitionSender sender =
        new PartitionSender(queue.partition(), config.sequenced(), config.maxInFlight(), this);
    return new PartitionLane(queue, sender, this);
  }

  private long stepLanes(long nowNanos) {
    long lingerNanos = accumulator.lingerNanos();
    long wait = Long.MAX_VALUE;
    for (Iterator<PartitionLane> i = active.values().iterator(); i.hasNext(); ) {
      long laneWait = i.next().step(nowNanos, lingerNanos);
      if (laneWait == Long.MAX_VALUE) {
        i.remove();
      }
      wait = Math.min(wait, laneWait);
    }
    long patience = config.limits().request().toNanos() + ANSWER_SLACK_NANOS;
    streams.values().forEach(stream -> stream.endIfOverdue(nowNanos, patience));
    return closing ? Math.min(wait, TICK_NANOS) : wait;
  }

  private void end() {
    Collection<ProduceStream> open = new ArrayList<>(streams.values());
    boolean orderly = accumulator.empty();
    for (PartitionLane lane : lanes.values()) {
      lane.sender()
          .abandon(
              ErrorCode.SHUTTING_DOWN,
              "expected time to deliver the record, but the producer was closed before");
    }
    accumulator.endClose();
    for (ProduceStream stream : open) {
      if (orderly) {
        stream.halfClose();
      } else {
        stream.cancel("the producer is closed");
      }
    }
  }

  private void enqueue(Runnable event) {
    events.add(event);
    signal.raise();
  }

  // What streams bring.

  @Override
  public void answered(ProduceStream.Flying flying, ProduceResponse response) {
    shared.meters().answers.increment();
    shared.meters().answerNanos.add(System.nanoTime() - flying.sentNanos());
    PartitionSender sender = flying.lane().sender();
    ProducerBatch batch = flying.batch();
    if (response.hasError()) {
      if (response.getError().hasLeader()) {
        shared.cache().learn(sender.partition(), response.getError().getLeader());
      }
      JangadaException error = error(batch, response);
      LOG.debug("{}: {} {}", sender.partition(), error.code(), error.getMessage());
      if (concernsLeader(error.code())) {
        shared.updater().refresh(null);
      }
      shared.meters().attemptsFailed.increment();
      sender.refused(batch, error, System.nanoTime());
    } else if (response.getBaseOffset() < 0) {
      sender.refused(batch, malformed(response), System.nanoTime());
    } else {
      sender.written(batch, response.getBaseOffset(), response.getLogAppendTimeMs());
    }
  }

  @Override
  public void ended(
      ProduceStream stream, List<ProduceStream.Flying> unanswered, JangadaException why) {
    streams.remove(stream.address(), stream);
    LOG.debug("stream to {} ended with {} unanswered", stream.address(), unanswered.size(), why);
    shared.updater().refresh(stream.address());
    shared.meters().attemptsFailed.add(unanswered.size());
    long now = System.nanoTime();
    for (ProduceStream.Flying flying : unanswered) {
      flying.lane().sender().refused(flying.batch(), why, now);
    }
  }

  private static JangadaException error(ProducerBatch batch, ProduceResponse response) {
    JangadaException error = WireErrors.fromWire(response.getError());
    return error.code() == ErrorCode.UNEXPECTED_OFFSET
        ? new UnexpectedOffsetException(
            batch.expectedOffset,
            response.hasLogEndOffset()
                ? response.getLogEndOffset()
                : UnexpectedOffsetException.UNKNOWN,
            error.definite())
        : error;
  }

  private static boolean concernsLeader(ErrorCode code) {
    return switch (code) {
      case NOT_LEADER,
          LEADER_NOT_AVAILABLE,
          FENCED_LEADER_EPOCH,
          UNKNOWN_LEADER_EPOCH,
          UNKNOWN_TOPIC,
          UNKNOWN_PARTITION,
          SHUTTING_DOWN,
          STORAGE_ERROR ->
          true;
      default -> false;
    };
  }

  private static JangadaException malformed(ProduceResponse response) {
    return new JangadaException(
        ErrorCode.NETWORK_ERROR,
        "expected an offset or an error, but the broker answered offset "
            + response.getBaseOffset(),
        "look whether the broker runs a version that this client understands");
  }

  // What lanes need.

  @Override
  public void written(ProducerBatch batch, long baseOffset, long logAppendTimeMs) {
    accumulator.release(batch);
    shared.meters().recordsAcknowledged.add(batch.recordCount());
    shared.meters().bytesAcknowledged.add(batch.content().sizeInBytes());
    batch.succeed(baseOffset, logAppendTimeMs);
  }

  @Override
  public void givenUp(ProducerBatch batch, JangadaException error) {
    LOG.debug("{}: gave up {} records", batch.partition, batch.recordCount(), error);
    accumulator.release(batch);
    (error.definite() ? shared.meters().recordsFailed : shared.meters().recordsInDoubt)
        .add(batch.recordCount());
    batch.fail(error);
  }

  @Override
  public long deliveryNanos() {
    return config.limits().delivery().toNanos();
  }

  @Override
  public boolean answersExpected() {
    return config.acknowledgement() != Acknowledgement.NONE;
  }

  @Override
  public Optional<LeaderView> leader(TopicPartition partition, long nowNanos) {
    return shared.routes().toLeader(partition, nowNanos);
  }

  @Override
  public void refreshMetadata() {
    shared.updater().refresh(null);
  }

  @Override
  public @Nullable ProducerIdentity identityOtherThan(
      @Nullable ProducerIdentity used, long nowNanos) {
    return ids.getOtherThan(used, nowNanos);
  }

  @Override
  public @Nullable ProduceStream stream(BrokerAddress address, long nowNanos) {
    ProduceStream open = streams.get(address);
    if (open != null) {
      return open;
    }
    Connection connection = shared.connections().to(address);
    if (connection.waitNanos(nowNanos) > 0) {
      return null;
    }
    ProduceStream stream = ProduceStream.open(connection, this::enqueue, this);
    streams.put(address, stream);
    return stream;
  }

  @Override
  public long waitNanos(BrokerAddress address, long nowNanos) {
    return shared.connections().to(address).waitNanos(nowNanos);
  }

  @Override
  public ProduceRequest.Builder request(LeaderView to) {
    shared.meters().batchesSent.increment();
    if (to.forward()) {
      shared.meters().batchesForwarded.increment();
    }
    return ProduceRequest.newBuilder()
        .setForward(to.forward())
        .setAcks(acks())
        .setTimeoutMs((int) Math.min(Integer.MAX_VALUE, config.limits().request().toMillis()));
  }

  private Acks acks() {
    return switch (config.acknowledgement()) {
      case ALL -> Acks.ACKS_ALL;
      case LEADER -> Acks.ACKS_LEADER;
      case NONE -> Acks.ACKS_NONE;
    };
  }

  @Override
  public JangadaException noLeader(TopicPartition partition) {
    return new JangadaException(
        ErrorCode.LEADER_NOT_AVAILABLE,
        "expected " + partition + " to have a leader that can be reached, but it has none",
        "look at the brokers: jangada topic describe " + partition.topic());
  }

  @Override
  public JangadaException silentLeader(BrokerAddress address) {
    return new JangadaException(
        ErrorCode.NETWORK_ERROR,
        "expected the former leader at " + address + " to answer, but it is silent",
        "look at the broker at " + address);
  }
}
