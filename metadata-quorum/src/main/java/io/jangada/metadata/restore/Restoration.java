// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.restore;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.LogComparison;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What a new history of a cluster begins with, after metadata of an older moment (docs/adr/0012).
 * What happened after that moment is unknown, so:
 *
 * <ul>
 *   <li>every number that the lost history may have given away is left behind by a leap: the index
 *       (and with it broker and controller epochs), leader and partition epochs, producer ids;
 *   <li>nobody leads, and nobody has rights: the replicas' logs are compared, and until all of a
 *       partition are, only an operator elects ({@link LogComparison});
 *   <li>no broker is registered: a process of the old history is told that it is of the past;
 *   <li>nobody votes in the quorum but the member that restores.
 * </ul>
 *
 * <p>Pure.
 */
public final class Restoration {
  /**
   * How far the index leaps. Twenty thousand entries a second, every second, reach it in a year and
   * a half. A thousand million million more fit behind it than there will ever be restores.
   */
  public static final long INDEX_LEAP = 1_000_000_000_000L;

  /** How far leader and partition epochs leap: an election a second for four months. */
  public static final int EPOCH_LEAP = 10_000_000;

  /** How far producer ids leap. */
  public static final long PRODUCER_ID_LEAP = 1_000_000_000_000L;

  private Restoration() {}

  /**
   * The metadata of the new history.
   *
   * @param backup of a formatted cluster
   * @param historyId of the new history
   * @throws JangadaException UNSUPPORTED if this version does not understand the backup's feature
   *     level, INVALID_REQUEST if there is no room left for another leap
   */
  public static MetadataImage of(MetadataImage backup, UUID historyId) {
    UUID clusterId = backup.cluster().clusterId();
    int level = backup.cluster().featureLevel();
    if (clusterId == null) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST, "expected the metadata of a cluster, but the backup has none");
    }
    if (!FeatureRange.SUPPORTED.contains(level)) {
      throw new JangadaException(
          ErrorCode.UNSUPPORTED,
          "expected a backup of feature level "
              + FeatureRange.SUPPORTED.min()
              + " to "
              + FeatureRange.SUPPORTED.max()
              + ", but it is of level "
              + level,
          "restore it with the release that the cluster ran");
    }
    long index = backup.index() + INDEX_LEAP;
    List<MetadataRecord> records = new ArrayList<>();
    for (MetadataRecord record : backup.toRecords()) {
      switch (record) {
        case MetadataRecord.ClusterFormatted ignored ->
            records.add(new MetadataRecord.ClusterFormatted(clusterId, historyId));
        // Brokers that would delete what they do not know must not register.
        case MetadataRecord.FeatureLevelSet ignored ->
            records.add(
                new MetadataRecord.FeatureLevelSet(Math.max(level, FeatureRange.HISTORIES)));
        case MetadataRecord.ProducerIdsAllocated ignored -> {}
        case MetadataRecord.ControllerClaimed ignored -> {}
        case MetadataRecord.QuorumMemberRegistered ignored -> {}
        case MetadataRecord.BrokerRegistered(BrokerRegistration broker) ->
            records.add(new MetadataRecord.BrokerRegistered(unregistered(broker, index)));
        case MetadataRecord.PartitionRegistered(var id, PartitionRegistration partition) ->
            records.add(new MetadataRecord.PartitionRegistered(id, undecided(partition)));
        case MetadataRecord.SettingsConfigured ignored -> records.add(record);
        case MetadataRecord.TopicCreated ignored -> records.add(record);
        // An image has none of these.
        case MetadataRecord.BrokerStatusChanged ignored -> records.add(record);
        case MetadataRecord.BrokerRemoved ignored -> records.add(record);
        case MetadataRecord.DirectoryUnfit ignored -> records.add(record);
        case MetadataRecord.TopicConfigured ignored -> records.add(record);
        case MetadataRecord.TopicDeleted ignored -> records.add(record);
      }
    }
    records.add(
        new MetadataRecord.ProducerIdsAllocated(
            backup.cluster().nextProducerId() + PRODUCER_ID_LEAP));
    return MetadataImage.ofRecords(index, records);
  }

  private static BrokerRegistration unregistered(BrokerRegistration broker, long index) {
    return new BrokerRegistration(
        broker.brokerId(),
        index,
        BrokerRegistration.RESTORED,
        BrokerStatus.FENCED,
        broker.profile(),
        broker.provenance(),
        broker.unfit());
  }

  private static PartitionRegistration undecided(PartitionRegistration partition) {
    TreeSet<Integer> known = new TreeSet<>(partition.isr());
    known.addAll(partition.elr());
    known.addAll(partition.lastKnownElr());
    return new PartitionRegistration(
        partition.replicas(),
        List.of(),
        List.of(),
        partition.replicas().stream().filter(known::contains).toList(),
        PartitionRegistration.NO_LEADER,
        leap(partition.leaderEpoch()),
        leap(partition.partitionEpoch()),
        LogComparison.NONE_YET);
  }

  private static int leap(int epoch) {
    if (epoch > Integer.MAX_VALUE - 2 * EPOCH_LEAP) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected room for epochs beyond "
              + epoch
              + ", but the metadata has been restored too often");
    }
    return epoch + EPOCH_LEAP;
  }
}
