// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A store that keeps a row for each entity can be written from deltas, and read. */
class StoredRowsTest {
  private static final UUID TOPIC = new UUID(-1, 1);
  private static final UUID OTHER = new UUID(1, -1);

  private final Map<EntityKey.Table, TreeMap<byte[], MetadataRecord>> tables =
      new EnumMap<>(EntityKey.Table.class);

  @Test
  void rowsWrittenFromDeltasMakeTheImage() {
    MetadataImage image = MetadataImage.EMPTY;
    image = write(image, new MetadataRecord.ClusterFormatted(TOPIC, OTHER));
    image = write(image, new MetadataRecord.ControllerClaimed(1, 2));
    image = write(image, new MetadataRecord.QuorumMemberRegistered(1, OTHER));
    image =
        write(
            image,
            new MetadataRecord.TopicCreated("t", TOPIC, Map.of()),
            partition(TOPIC, 0),
            partition(TOPIC, 1));
    image =
        write(
            image,
            new MetadataRecord.TopicCreated("u", OTHER, Map.of("min.insync.replicas", "2")),
            partition(OTHER, 0));
    image = write(image, new MetadataRecord.TopicDeleted(TOPIC));
    image = write(image, new MetadataRecord.SettingsConfigured(0, Map.of("num.partitions", "3")));
    image = write(image, new MetadataRecord.SettingsConfigured(1, Map.of("logging.level", "warn")));
    image = write(image, new MetadataRecord.SettingsConfigured(1, Map.of()));
    image = write(image, new MetadataRecord.SettingsConfigured(2, Map.of("logging.level", "warn")));
    image = write(image, new MetadataRecord.BrokerRemoved(2));
    assertThat(tables.get(EntityKey.Table.SETTINGS)).hasSize(1);
    assertThat(image.settings().cluster()).containsEntry("num.partitions", "3");
    assertThat(tables.get(EntityKey.Table.PARTITIONS)).hasSize(1);
    assertThat(read(image.index())).isEqualTo(image);
    assertThat(image.topic("t")).isNull();
  }

  @Test
  void aDeltaNamesTheTopicAndThePartitionsThatAreGone() {
    MetadataImage image =
        write(
            MetadataImage.EMPTY,
            new MetadataRecord.TopicCreated("t", TOPIC, Map.of()),
            partition(TOPIC, 0));
    MetadataDelta delta =
        MetadataDelta.of(image, 9, List.of(new MetadataRecord.TopicDeleted(TOPIC)));
    assertThat(delta.changedTopics()).containsExactly(TOPIC);
    assertThat(delta.changedPartitions()).containsExactly(new TopicIdPartition(TOPIC, 0));
    assertThat(delta.changedBrokers()).isEmpty();
  }

  private MetadataImage write(MetadataImage image, MetadataRecord... records) {
    MetadataDelta delta = MetadataDelta.of(image, image.index() + 1, List.of(records));
    for (EntityKey key : delta.changedEntities()) {
      TreeMap<byte[], MetadataRecord> table =
          tables.computeIfAbsent(key.table(), ignored -> new TreeMap<>(Arrays::compareUnsigned));
      MetadataRecord record = delta.after().stateRecord(key);
      if (record == null) {
        table.remove(key.bytes());
      } else {
        table.put(key.bytes(), record);
      }
    }
    return delta.after();
  }

  private MetadataImage read(long index) {
    List<MetadataRecord> records = new ArrayList<>();
    tables.values().stream().map(Map::values).flatMap(Collection::stream).forEach(records::add);
    return MetadataImage.ofRecords(index, records);
  }

  private static MetadataRecord partition(UUID topicId, int partition) {
    return new MetadataRecord.PartitionRegistered(
        new TopicIdPartition(topicId, partition),
        new PartitionRegistration(List.of(1), List.of(1), List.of(), List.of(), 1, 0, 0));
  }
}
