// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.api.v1.ProduceRequest;
import io.jangada.client.BrokerAddress;
import io.jangada.client.internal.metadata.LeaderView;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a lane needs of its surroundings. Called on the sender thread; nothing here blocks. */
interface SenderPorts extends PartitionSender.Outbox {
  /** The longest that a lane with work goes without being looked at. */
  long TICK_NANOS = Duration.ofMillis(50).toNanos();

  /** How long a record may take altogether. */
  long deliveryNanos();

  /** Whether batches are answered. */
  boolean answersExpected();

  /** The way to a partition's leader. */
  Optional<LeaderView> leader(TopicPartition partition, long nowNanos);

  /** Asks for newer metadata. */
  void refreshMetadata();

  /**
   * An identity for batches, or null while there is none.
   *
   * @param used one that is used up, or null
   */
  @Nullable ProducerIdentity identityOtherThan(@Nullable ProducerIdentity used, long nowNanos);

  /** The stream to a broker, or null while it must not be tried; it may not be ready yet. */
  @Nullable ProduceStream stream(BrokerAddress address, long nowNanos);

  /** How long until a broker without a stream may be tried again; 0 or less = now. */
  long waitNanos(BrokerAddress address, long nowNanos);

  /** A request with what is the same for all that go this way. */
  ProduceRequest.Builder request(LeaderView to);

  /** Says that a partition has no leader. */
  JangadaException noLeader(TopicPartition partition);

  /** Says that a leader of yesterday does not answer. */
  JangadaException silentLeader(BrokerAddress address);
}
