// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.replication.runtime.MetadataUpdate;
import io.jangada.replication.runtime.PartitionRegistry;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the replicas of this broker what the metadata says.
 *
 * <pre>
 *   waiting --registered, and the metadata has reached that registration--> following
 *   following --registered anew--> waiting
 *   following --the metadata is of another history--> defect
 * </pre>
 *
 * <p>Nothing is done while waiting: metadata that does not know this incarnation speaks of an
 * earlier one (rule 24), and a copy from an earlier run may not know the latest partitions, so that
 * what it does not mention must not be deleted. A process follows one history of the metadata: what
 * it has become in one means nothing in another (docs/adr/0012), so that it has to begin anew.
 * Thread-safe: the metadata thread and the session's both call.
 */
final class ReplicaAssignments {
  private static final Logger log = LoggerFactory.getLogger(ReplicaAssignments.class);
  private static final long NOT_REGISTERED = -1;

  private final int brokerId;
  private final HostedPartitions hosted;
  private final PartitionRegistry registry;
  private final Set<TopicIdPartition> onDisk;

  private MetadataImage image = MetadataImage.EMPTY;
  private long brokerEpoch = NOT_REGISTERED;
  private boolean following;

  /** What this process follows; null before it does. */
  private @Nullable UUID history;

  /**
   * Waits.
   *
   * @param hosted what the metadata means for this broker
   * @param onDisk the replicas that recovery has found
   */
  ReplicaAssignments(
      int brokerId,
      HostedPartitions hosted,
      PartitionRegistry registry,
      Set<TopicIdPartition> onDisk) {
    this.brokerId = brokerId;
    this.hosted = hosted;
    this.registry = registry;
    this.onDisk = onDisk;
  }

  /** The metadata has changed. */
  synchronized void changed(MetadataDelta delta) {
    requireSameHistory(delta.after().cluster().historyId());
    image = delta.after();
    if (following) {
      registry.apply(hosted.changes(delta, brokerEpoch));
    } else {
      followIfKnown();
    }
  }

  /** The metadata has reached an index without a change. */
  synchronized void advanced(long index) {
    image = image.withIndex(index);
    if (following) {
      registry.apply(new MetadataUpdate(index, brokerEpoch, List.of(), List.of()));
    } else {
      followIfKnown();
    }
  }

  /** This process is registered, perhaps not for the first time. */
  synchronized void registered(long newBrokerEpoch) {
    brokerEpoch = newBrokerEpoch;
    following = false;
    followIfKnown();
  }

  private void requireSameHistory(@Nullable UUID now) {
    UUID followed = history;
    if (followed != null && !followed.equals(now)) {
      throw new JangadaException(
          ErrorCode.STALE_BROKER_EPOCH,
          "expected metadata of history "
              + followed
              + ", which this process follows, but it is of history "
              + now
              + ": it was restored from a backup, or the quorum was formed anew",
          "start broker " + brokerId + " again; its replicas are kept");
    }
  }

  private void followIfKnown() {
    BrokerRegistration known = image.broker(brokerId);
    if (brokerEpoch == NOT_REGISTERED
        || image.index() < brokerEpoch
        || (known != null && known.brokerEpoch() > brokerEpoch)) {
      return;
    }
    following = true;
    MetadataUpdate all = hosted.all(image, brokerEpoch);
    List<TopicIdPartition> unassigned = hosted.unassigned(image, onDisk);
    log.info(
        "Broker {} follows the metadata from index {} in broker epoch {}: {} replicas assigned, {}"
            + " on disk that it does not assign here",
        brokerId,
        image.index(),
        brokerEpoch,
        all.assigned().size(),
        unassigned.size());
    UUID now = image.cluster().historyId();
    if (history == null) {
      registry.apply(all);
      if (now != null) {
        history = now;
        registry.settle(now, unassigned);
      }
    } else {
      registry.apply(
          new MetadataUpdate(all.metadataIndex(), brokerEpoch, all.assigned(), unassigned));
    }
  }
}
