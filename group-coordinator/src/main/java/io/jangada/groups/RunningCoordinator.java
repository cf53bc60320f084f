// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import com.yammer.metrics.core.MetricsRegistry;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.ApiKeys;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's coordinator for one incarnation of the offsets topic, from the first that is heard of it
 * until it is deleted. Changes come from one thread; everything else is asked by anyone.
 */
final class RunningCoordinator implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RunningCoordinator.class);
  private static final String TIMER = "group-coordinator";

  /** Loads end within half a second of a resignation, unless the machine stands still. */
  private static final long RESIGNATION_PATIENCE_MS = 30_000;

  private static final ClientContext NOBODY =
      new ClientContext(
          new GroupClient(
              "",
              InetAddress.getLoopbackAddress(),
              ApiKeys.DESCRIBE_GROUPS.id,
              ApiKeys.DESCRIBE_GROUPS.latestVersion()));

  private final TopicsMirror mirror = new TopicsMirror();
  private final LedPartitions led = new LedPartitions();
  private final Metrics metrics = new Metrics();
  private final MetricsRegistry gauges = new MetricsRegistry();
  private final GroupConfigManager groupConfigs;
  private final OffsetsLoader loader;
  private final GroupCoordinatorService coordinator;

  /** Partitions that were once coordinated here and are not. */
  private final Set<Integer> resigned = new HashSet<>();

  private SortedMap<Integer, Integer> ledNow = new TreeMap<>();

  /**
   * Starts it; it coordinates nothing yet.
   *
   * @param partitions of the offsets topic, which never change
   * @param time by which offsets age
   */
  RunningCoordinator(
      int brokerId, GroupSettings settings, int partitions, OffsetsLog offsets, Time time) {
    Map<String, Object> configs = CoordinatorConfigs.of(settings);
    GroupCoordinatorConfig config = GroupCoordinatorConfig.fromProps(configs);
    this.loader = new OffsetsLoader(offsets, led, new GroupCoordinatorRecordSerde());
    this.groupConfigs =
        new GroupConfigManager(Map.of(), config, ShareGroupConfig.fromProps(configs));
    this.coordinator =
        new GroupCoordinatorService.Builder(brokerId, config)
            .withTime(time)
            .withTimer(new SystemTimerReaper(TIMER + "-reaper", new SystemTimer(TIMER)))
            .withLoader(loader)
            .withWriter(new OffsetsWriter(offsets, led))
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
    List<Integer> again = new ArrayList<>();
    ledNow.forEach(
        (partition, epoch) -> {
          Integer now = change.led().get(partition);
          if (!epoch.equals(now)) {
            led.resigned(partition);
            coordinator.onResignation(
                partition, now == null ? OptionalInt.empty() : OptionalInt.of(now));
            resigned.add(partition);
          }
        });
    change
        .led()
        .forEach(
            (partition, epoch) -> {
              if (!epoch.equals(ledNow.get(partition)) && resigned.remove(partition)) {
                again.add(partition);
              }
            });
    awaitResignations(again);
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

  /**
   * The coordinator resigns later, on threads of its own. If it were elected again before, it would
   * take the partition away from its new self; and the end of a load that was given up counts as
   * the end of whatever is loaded then. So first everything begun has to be over: the resignation,
   * the load before it, and what the coordinator makes of that.
   */
  private void awaitResignations(List<Integer> of) {
    try {
      awaitAnswers(of);
      for (int partition : of) {
        loader.ended(partition).get(RESIGNATION_PATIENCE_MS, TimeUnit.MILLISECONDS);
      }
      awaitAnswers(of);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.error("Partitions {} of the offsets are not resigned yet", of, e);
    }
  }

  /** What is asked about a partition is answered behind all that was begun before. */
  private void awaitAnswers(List<Integer> of)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (int partition : of) {
      answers.add(coordinator.describeGroups(NOBODY, List.of(groupOf(partition))));
    }
    CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .get(RESIGNATION_PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  /** Any id of a group that would be kept in the partition. */
  private String groupOf(int partition) {
    int i = 0;
    while (coordinator.partitionFor(Integer.toString(i)) != partition) {
      i++;
    }
    return Integer.toString(i);
  }

  @Override
  public void close() {
    coordinator.shutdown();
    groupConfigs.close();
    gauges.shutdown();
    metrics.close();
  }
}
