// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.NodeRole;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChangeLogTest {
  private static final UUID TOPIC = new UUID(7, 7);
  private static final String WHY = "its port refuses connections";

  private final ChangeLog log = new ChangeLog(2);
  private MetadataImage image = MetadataImage.EMPTY;

  ChangeLogTest() {
    change(broker(1), broker(2), broker(3), new MetadataRecord.TopicCreated("t", TOPIC, Map.of()));
    change(partition(0, 1, 1, List.of(1, 2, 3)));
  }

  private List<String> change(MetadataRecord... records) {
    MetadataDelta delta = MetadataDelta.of(image, image.index() + 1, List.of(records));
    image = delta.after();
    return log.lines(delta);
  }

  private static MetadataRecord broker(int id) {
    return new MetadataRecord.BrokerRegistered(
        new BrokerRegistration(
            id,
            id,
            new UUID(0, id),
            BrokerStatus.ACTIVE,
            new BrokerProfile(
                new Endpoints("b" + id + ":7400", "", ""),
                "",
                List.of(NodeRole.BROKER),
                FeatureRange.SUPPORTED),
            new Provenance(List.of(), new UUID(0, 0), Provenance.UNCLEAN)));
  }

  private static MetadataRecord partition(int number, int leader, int epoch, List<Integer> isr) {
    return new MetadataRecord.PartitionRegistered(
        new TopicIdPartition(TOPIC, number),
        new PartitionRegistration(
            List.of(1, 2, 3), isr, List.of(), List.of(), leader, epoch, epoch));
  }

  private static MetadataRecord fenced(int broker) {
    return new MetadataRecord.BrokerStatusChanged(broker, BrokerStatus.FENCED, WHY);
  }

  @Test
  void anElectionSaysWhoAndWhy() {
    assertThat(change(fenced(1))).containsExactly("Broker 1 is fenced: " + WHY);
    assertThat(change(partition(0, 2, 2, List.of(2, 3))))
        .containsExactly(
            "t-0: leader 1 → 2 in leader epoch 2, ISR [1, 2, 3] → [2, 3]"
                + " (broker 1 is out of service: "
                + WHY
                + ")");
  }

  @Test
  void anIsrChangeSaysWhy() {
    change(partition(0, 2, 2, List.of(1, 2, 3)));
    assertThat(change(partition(0, 2, 3, List.of(1, 2))))
        .containsExactly("t-0: ISR [1, 2, 3] → [1, 2] (broker 3 does not keep up)");
    assertThat(change(partition(0, 2, 4, List.of(1, 2, 3))))
        .containsExactly("t-0: ISR [1, 2] → [1, 2, 3] (broker 3 has caught up)");
  }

  @Test
  void whatOthersLeadIsTheirs() {
    assertThat(change(partition(0, 1, 2, List.of(1, 2)))).isEmpty();
  }

  @Test
  void oneChangeIsAFewLinesOnly() {
    List<MetadataRecord> before = new ArrayList<>();
    List<MetadataRecord> after = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      before.add(partition(i, 1, 5, List.of(1, 2)));
      after.add(partition(i, 2, 6, List.of(1, 2)));
    }
    change(before.toArray(MetadataRecord[]::new));
    assertThat(change(after.toArray(MetadataRecord[]::new)))
        .hasSize(ChangeLog.MAX_LINES + 1)
        .last()
        .asString()
        .contains("80 more");
  }
}
