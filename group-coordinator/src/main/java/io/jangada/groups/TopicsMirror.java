// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RegisterBrokerRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.metadata.UnregisterBrokerRecord;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;

/**
 * The topics as the coordinator wants to know them: names, ids, partitions, and in which racks
 * their replicas are. Who leads them is not its concern. Belongs to one thread.
 */
final class TopicsMirror {
  private static final int EPOCH = 0;

  private MetadataImage image = MetadataImage.EMPTY;
  private Map<Integer, String> racks = Map.of();

  /** What the coordinator is told. */
  record Next(MetadataDelta delta, MetadataImage image) {}

  Next apply(TopicsChange change) {
    MetadataDelta delta = new MetadataDelta.Builder().setImage(image).build();
    applyRacks(change.racks(), delta);
    change.deleted().forEach(id -> delta.replay(new RemoveTopicRecord().setTopicId(toKafka(id))));
    change.changed().forEach(topic -> applyTopic(topic, delta));
    image = delta.apply(new MetadataProvenance(change.index(), EPOCH, 0, true));
    return new Next(delta, image);
  }

  private void applyRacks(Map<Integer, String> now, MetadataDelta delta) {
    Map<Integer, String> gone = new HashMap<>(racks);
    now.forEach(
        (broker, rack) -> {
          if (!rack.equals(gone.remove(broker))) {
            delta.replay(
                new RegisterBrokerRecord().setBrokerId(broker).setRack(rack).setFenced(false));
          }
        });
    gone.keySet().forEach(broker -> delta.replay(new UnregisterBrokerRecord().setBrokerId(broker)));
    racks = Map.copyOf(now);
  }

  private void applyTopic(TopicsChange.TopicState topic, MetadataDelta delta) {
    Uuid id = toKafka(topic.id());
    if (image.topics().getTopic(id) == null) {
      delta.replay(new TopicRecord().setName(topic.name()).setTopicId(id));
    }
    for (int partition = 0; partition < topic.replicas().size(); partition++) {
      List<Integer> replicas = topic.replicas().get(partition);
      delta.replay(
          new PartitionRecord()
              .setTopicId(id)
              .setPartitionId(partition)
              .setReplicas(replicas)
              .setIsr(replicas)
              .setLeader(replicas.getFirst()));
    }
  }

  static Uuid toKafka(UUID id) {
    return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }
}
