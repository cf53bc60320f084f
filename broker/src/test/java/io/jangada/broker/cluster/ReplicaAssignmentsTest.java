// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.jangada.replication.runtime.HostedAssignment;
import io.jangada.replication.runtime.MetadataUpdate;
import io.jangada.replication.runtime.PartitionHandle;
import io.jangada.replication.runtime.PartitionRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReplicaAssignmentsTest {
  private static final UUID HISTORY = new UUID(5, 5);
  private static final UUID TOPIC = new UUID(7, 7);
  private static final TopicIdPartition HOSTED = new TopicIdPartition(TOPIC, 0);
  private static final TopicIdPartition DELETED = new TopicIdPartition(new UUID(8, 8), 0);

  private final RecordingRegistry registry = new RecordingRegistry();
  private final ReplicaAssignments assignments =
      new ReplicaAssignments(1, new HostedPartitions(1, 16_384), registry, Set.of(HOSTED, DELETED));
  private MetadataImage image = MetadataImage.EMPTY;

  @Test
  void doesNothingBeforeTheMetadataKnowsThisIncarnation() {
    change(5);
    assignments.registered(8);
    change(7);
    assertThat(registry.updates).isEmpty();

    change(8, formatted(HISTORY), topic(), partition());
    MetadataUpdate first = registry.updates.get(0);
    assertThat(first.brokerEpoch()).isEqualTo(8);
    assertThat(first.assigned()).extracting(HostedAssignment::partition).containsExactly(HOSTED);
    assertThat(first.removed()).isEmpty();
    assertThat(registry.settled).containsExactly(Map.entry(HISTORY, List.of(DELETED)));
  }

  @Test
  void beginsAtOnceIfTheMetadataWasFaster() {
    change(9, topic(), partition());
    assignments.registered(8);
    assertThat(registry.updates).hasSize(1);
  }

  @Test
  void anIndexWithoutAChangeIsPassedOn() {
    assignments.registered(3);
    assignments.advanced(3);
    assignments.advanced(4);
    assertThat(registry.updates).extracting(MetadataUpdate::metadataIndex).containsExactly(3L, 4L);
    assertThat(registry.updates.get(1).assigned()).isEmpty();
  }

  @Test
  void aNewRegistrationIsWaitedForAgain() {
    assignments.registered(3);
    change(3, formatted(HISTORY), topic(), partition());
    assignments.registered(10);
    change(9);
    assertThat(registry.updates).hasSize(1);
    change(10);
    assertThat(registry.updates.get(1).brokerEpoch()).isEqualTo(10);
    assertThat(registry.updates.get(1).assigned()).hasSize(1);
    assertThat(registry.settled).as("once in a process").hasSize(1);
    assertThat(registry.updates.get(1).removed()).containsExactly(DELETED);
  }

  @Test
  void aProcessThatFollowsOneHistoryDoesNothingInAnother() {
    assignments.registered(3);
    change(3, formatted(HISTORY), topic(), partition());
    MetadataDelta restored =
        MetadataDelta.of(
            MetadataImage.EMPTY, 1_000_000, List.of(formatted(new UUID(6, 6)), topic()));
    assertThatThrownBy(() -> assignments.changed(restored))
        .hasMessageContaining("restored from a backup");
    assertThat(registry.updates).hasSize(1);
  }

  @Test
  void aNewHistoryThatKnowsALaterRegistrationIsNotFollowedInAnOldEpoch() {
    assignments.registered(3);
    change(9, formatted(HISTORY), registeredLater(), topic(), partition());
    assertThat(registry.updates).isEmpty();
    assertThat(registry.settled).isEmpty();
  }

  private void change(long index, MetadataRecord... records) {
    MetadataDelta delta = MetadataDelta.of(image, index, List.of(records));
    image = delta.after();
    assignments.changed(delta);
  }

  private static MetadataRecord formatted(UUID history) {
    return new MetadataRecord.ClusterFormatted(new UUID(1, 1), history);
  }

  private static MetadataRecord registeredLater() {
    return new MetadataRecord.BrokerRegistered(
        new BrokerRegistration(
            1,
            9,
            BrokerRegistration.RESTORED,
            BrokerStatus.FENCED,
            new BrokerProfile(
                new Endpoints("a:1", "", ""), "", List.of(NodeRole.BROKER), FeatureRange.SUPPORTED),
            new Provenance(List.of(), new UUID(1, 1), Provenance.UNCLEAN)));
  }

  private static MetadataRecord topic() {
    return new MetadataRecord.TopicCreated("t", TOPIC, Map.of());
  }

  private static MetadataRecord partition() {
    return new MetadataRecord.PartitionRegistered(
        HOSTED, new PartitionRegistration(List.of(1), List.of(1), List.of(), List.of(), 1, 0, 0));
  }

  private static final class RecordingRegistry implements PartitionRegistry {
    private final List<MetadataUpdate> updates = new ArrayList<>();
    private final List<Map.Entry<UUID, List<TopicIdPartition>>> settled = new ArrayList<>();

    @Override
    public void settle(UUID history, List<TopicIdPartition> unassigned) {
      settled.add(Map.entry(history, unassigned));
    }

    @Override
    public Optional<PartitionHandle> find(TopicIdPartition partition) {
      return Optional.empty();
    }

    @Override
    public Collection<PartitionHandle> all() {
      return List.of();
    }

    @Override
    public void apply(MetadataUpdate update) {
      updates.add(update);
    }
  }
}
