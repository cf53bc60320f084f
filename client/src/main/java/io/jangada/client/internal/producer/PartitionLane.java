// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import com.google.protobuf.UnsafeByteOperations;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.client.BrokerAddress;
import io.jangada.client.internal.metadata.LeaderView;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One partition's way from its queue to its leader. For the sender thread.
 *
 * <p>When the leader moves, what is unanswered is first left to the old one, which refuses it at
 * once if it lives; a frozen one is not waited for longer than {@link #OLD_LEADER_NANOS}.
 */
final class PartitionLane {
  /** How long an old leader gets to refuse what it was sent. */
  static final long OLD_LEADER_NANOS = Duration.ofMillis(250).toNanos();

  /** After how much silence of a leader others are asked whether it still is one. */
  static final long SILENCE_NANOS = Duration.ofMillis(500).toNanos();

  private final PartitionQueue queue;
  private final PartitionSender sender;
  private final SenderPorts ports;
  private @Nullable LeaderView leader;
  private @Nullable ProduceStream lastStream;
  private @Nullable ProducerIdentity lastIdentity;
  private long movedAtNanos;
  private long lastSentNanos;

  PartitionLane(PartitionQueue queue, PartitionSender sender, SenderPorts ports) {
    this.queue = queue;
    this.sender = sender;
    this.ports = ports;
  }

  PartitionSender sender() {
    return sender;
  }

  /**
   * Does what can be done now.
   *
   * @param lingerNanos how long a batch that is not full may wait
   * @return how long nothing has to be done, unless something happens; the largest long if there is
   *     nothing left at all
   */
  long step(long nowNanos, long lingerNanos) {
    for (ProducerBatch batch : queue.pollOlderThan(nowNanos, ports.deliveryNanos())) {
      ports.givenUp(batch, sender.tooLate(ports.deliveryNanos(), false));
    }
    sender.expire(nowNanos, ports.deliveryNanos());
    long readyIn = queue.readyInNanos(nowNanos, lingerNanos);
    if (sender.idle() && readyIn == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    Optional<LeaderView> now = ports.leader(sender.partition(), nowNanos);
    if (now.isEmpty()) {
      leader = null;
      withoutLeader(nowNanos);
      return positive(sender.waitNanos(nowNanos));
    }
    if (!now.get().equals(leader)) {
      leader = now.get();
      movedAtNanos = nowNanos;
      sender.tryAgainNow();
    }
    giveUpOnOldLeader(now.get().address(), nowNanos);
    if (sender.inFlight() > 0 && nowNanos - lastSentNanos > SILENCE_NANOS) {
      lastSentNanos = nowNanos;
      ports.refreshMetadata();
    }
    if (sender.needsIdentity()) {
      ProducerIdentity identity = ports.identityOtherThan(lastIdentity, nowNanos);
      if (identity == null) {
        return SenderPorts.TICK_NANOS;
      }
      lastIdentity = identity;
      sender.identify(identity);
    }
    return send(now.get(), nowNanos, lingerNanos);
  }

  private long send(LeaderView to, long nowNanos, long lingerNanos) {
    if (flyingElsewhere(to.address())) {
      return SenderPorts.TICK_NANOS;
    }
    while (sender.maySend(nowNanos)) {
      if (sender.nextAgain() == null && queue.readyInNanos(nowNanos, lingerNanos) > 0) {
        return positive(queue.readyInNanos(nowNanos, lingerNanos));
      }
      ProduceStream stream = ports.stream(to.address(), nowNanos);
      if (stream == null) {
        return positive(ports.waitNanos(to.address(), nowNanos));
      }
      if (!stream.ready()) {
        return SenderPorts.TICK_NANOS; // it says when it is
      }
      ProducerBatch batch = sender.nextAgain();
      if (batch == null) {
        batch = queue.pollReady(nowNanos, lingerNanos);
        if (batch == null) {
          continue;
        }
        sender.take(batch);
      }
      sendOn(stream, batch, to, nowNanos);
    }
    return positive(sender.waitNanos(nowNanos));
  }

  private void sendOn(ProduceStream stream, ProducerBatch batch, LeaderView to, long nowNanos) {
    ProduceRequest.Builder request =
        ports
            .request(to)
            .setTopic(to.topic())
            .setPartition(sender.partition().partition())
            .setRecordBatch(UnsafeByteOperations.unsafeWrap(batch.content().bytes()));
    if (batch.conditional()) {
      request.setExpectedOffset(batch.expectedOffset);
    }
    lastStream = stream;
    lastSentNanos = nowNanos;
    if (ports.answersExpected()) {
      stream.send(this, batch, request, nowNanos);
      sender.sent(batch);
    } else {
      stream.sendWithoutAnswer(request);
      sender.sentForGood(batch);
    }
  }

  private boolean flyingElsewhere(BrokerAddress address) {
    return sender.inFlight() > 0 && lastStream != null && !lastStream.address().equals(address);
  }

  private void giveUpOnOldLeader(BrokerAddress current, long nowNanos) {
    ProduceStream old = lastStream;
    if (old == null || !flyingElsewhere(current) || nowNanos - movedAtNanos < OLD_LEADER_NANOS) {
      return;
    }
    for (ProduceStream.Flying flying : old.giveUpOn(this)) {
      sender.refused(flying.batch(), ports.silentLeader(old.address()), nowNanos);
    }
    sender.tryAgainNow();
  }

  private void withoutLeader(long nowNanos) {
    if (sender.waitNanos(nowNanos) <= 0) {
      ports.refreshMetadata();
      sender.noLeader(nowNanos, ports.noLeader(sender.partition()));
    }
  }

  private static long positive(long nanos) {
    return nanos > 0 ? Math.min(nanos, SenderPorts.TICK_NANOS) : SenderPorts.TICK_NANOS;
  }
}
