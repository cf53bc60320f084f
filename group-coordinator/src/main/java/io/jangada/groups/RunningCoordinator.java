// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import com.yammer.metrics.core.MetricsRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorRuntimeMetrics;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's coordinator for one incarnation of the offsets topic, from the first that is heard of it
 * until it is deleted. Changes come from one thread; everything else is asked by anyone.
 */
final class RunningCoordinator implements AutoCloseable {
  private static final String TIMER = "group-coordinator";

  private final TopicsMirror mirror = new TopicsMirror();
  private final LedPartitions led = new LedPartitions();
  private final Metrics metrics = new Metrics();
  private final MetricsRegistry gauges = new MetricsRegistry();
  private final GroupConfigManager groupConfigs;
  private final GroupCoordinatorService coordinator;
  private SortedMap<Integer, Integer> ledNow = new TreeMap<>();

  /**
   * Starts it; it coordinates nothing yet.
   *
   * @param partitions of the offsets topic, which never change
   * @param time by which offsets age
   */
  RunningCoordinator(
      int brokerId, GroupSettings settings, int partitions, OffsetsLog log, Time time) {
    Map<String, Object> configs = CoordinatorConfigs.of(settings);
    GroupCoordinatorConfig config = GroupCoordinatorConfig.fromProps(configs);
    this.groupConfigs =
        new GroupConfigManager(Map.of(), config, ShareGroupConfig.fromProps(configs));
    this.coordinator =
        new GroupCoordinatorService.Builder(brokerId, config)
            .withTime(time)
            .withTimer(new SystemTimerReaper(TIMER + "-reaper", new SystemTimer(TIMER)))
            .withLoader(new OffsetsLoader(log, led, new GroupCoordinatorRecordSerde()))
            .withWriter(new OffsetsWriter(log, led))
            .withCoordinatorRuntimeMetrics(new GroupCoordinatorRuntimeMetrics(metrics))
            .withGroupCoordinatorMetrics(new GroupCoordinatorMetrics(gauges, metrics))
            .withGroupConfigManager(groupConfigs)
            .withPersister(new NoOpStatePersister())
            .withAuthorizerPlugin(Optional.empty())
            .withPartitionMetadataClient(new NoLatestOffsets())
            .build();
    coordinator.startup(() -> partitions);
  }

  GroupCoordinator coordinator() {
    return coordinator;
  }

  /** Done once the group's log is loaded, or at once if it is not coordinated here. */
  CompletableFuture<@Nullable Void> loading(String groupId) {
    return led.loading(coordinator.partitionFor(groupId));
  }

  CoordinatorReadings readings() {
    return new CoordinatorReadings(metrics, gauges);
  }

  /**
   * Follows the cluster. An election in a later epoch begins with a resignation: the log may have
   * had another leader in between.
   */
  void apply(TopicsChange change) {
    TopicsMirror.Next next = mirror.apply(change);
    coordinator.onMetadataUpdate(next.delta(), next.image());
    ledNow.forEach(
        (partition, epoch) -> {
          Integer now = change.led().get(partition);
          if (!epoch.equals(now)) {
            led.resigned(partition);
            coordinator.onResignation(
                partition, now == null ? OptionalInt.empty() : OptionalInt.of(now));
          }
        });
    change
        .led()
        .forEach(
            (partition, epoch) -> {
              if (!epoch.equals(ledNow.get(partition))) {
                led.elected(partition, epoch);
                coordinator.onElection(partition, epoch);
              }
            });
    ledNow = new TreeMap<>(change.led());
  }

  @Override
  public void close() {
    coordinator.shutdown();
    groupConfigs.close();
    gauges.shutdown();
    metrics.close();
  }
}
