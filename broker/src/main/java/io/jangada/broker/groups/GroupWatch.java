// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import io.jangada.broker.groups.LagHistory.Position;
import io.jangada.broker.groups.LagHistory.SeenGroup;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.GroupReport;
import io.jangada.broker.service.GroupReport.Offset;
import io.jangada.broker.service.GroupReports;
import io.jangada.broker.service.ReplicaOffsets;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.groups.GroupAdmin;
import io.jangada.groups.GroupAdmin.Committed;
import io.jangada.groups.GroupAdmin.Described;
import io.jangada.groups.GroupAdmin.GroupPartition;
import io.jangada.groups.GroupAdmin.Listed;
import io.jangada.groups.GroupAdmin.Member;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds at the groups with members that this broker coordinates, and asks the
 * leaders of what they read where it ends: how a group gets on is seen over time only. Thread-safe;
 * its thread waits for nobody.
 */
final class GroupWatch implements GroupReports, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GroupWatch.class);
  private static final long INTERVAL_MS = 5_000;

  /** More groups are looked at in turns. */
  private static final int GROUPS_PER_ROUND = 500;

  private static final int MAX_PARTITIONS = 50_000;
  private static final Set<String> WITHOUT_MEMBERS = Set.of("Empty", "Dead");

  private final GroupAdmin groups;
  private final ClusterMetadata metadata;
  private final ReplicaOffsets ends;
  private final LongSupplier clockMs;
  private final LagHistory history = new LagHistory(MAX_PARTITIONS);
  private final AtomicBoolean looking = new AtomicBoolean();
  private final ScheduledExecutorService thread;

  /** Where the next round begins; of the one that is under way. */
  private int turn;

  GroupWatch(
      GroupAdmin groups, ClusterMetadata metadata, ReplicaOffsets ends, LongSupplier clockMs) {
    this.groups = groups;
    this.metadata = metadata;
    this.ends = ends;
    this.clockMs = clockMs;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("groups-watch").daemon().factory());
    var unused =
        thread.scheduleWithFixedDelay(this::look, INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (looking.compareAndSet(false, true)) {
      var unused =
          lookAtAll()
              .whenComplete(
                  (done, failure) -> {
                    looking.set(false);
                    if (failure != null) {
                      log.debug("A look at the groups failed", failure);
                    }
                  });
    }
  }

  /** One round, over at most so many groups. */
  CompletableFuture<Void> lookAtAll() {
    return groups
        .list()
        .thenCompose(
            listed -> {
              history.retain(listed.stream().map(Listed::groupId).collect(Collectors.toSet()));
              return findAll(next(listed));
            })
        .thenCompose(
            found ->
                ends.describe(
                        found.stream()
                            .flatMap(each -> each.ids().values().stream())
                            .distinct()
                            .toList())
                    .thenAccept(answers -> found.forEach(each -> looked(each, answers))));
  }

  private List<String> next(List<Listed> listed) {
    List<String> present =
        listed.stream()
            .filter(group -> !WITHOUT_MEMBERS.contains(group.state()))
            .map(Listed::groupId)
            .toList();
    int from = turn < present.size() ? turn : 0;
    int to = Math.min(present.size(), from + GROUPS_PER_ROUND);
    turn = to;
    return present.subList(from, to);
  }

  /** Those that can be asked about; a group may be gone by now, or have another coordinator. */
  private CompletableFuture<List<Found>> findAll(List<String> groupIds) {
    List<CompletableFuture<Optional<Found>>> each =
        groupIds.stream()
            .map(
                groupId ->
                    find(groupId)
                        .thenApply(Optional::of)
                        .exceptionally(
                            failure -> {
                              log.debug("Group {} could not be looked at", groupId, failure);
                              return Optional.empty();
                            }))
            .toList();
    return CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> each.stream().flatMap(found -> found.join().stream()).toList());
  }

  @Override
  public CompletableFuture<GroupReport> describe(String groupId, long stuckAfterMs) {
    return find(groupId)
        .thenCompose(
            found ->
                ends.describe(found.ids().values())
                    .thenApply(answers -> report(looked(found, answers), stuckAfterMs)));
  }

  private static GroupReport report(Looked looked, long stuckAfterMs) {
    return new GroupReport(
        looked.group(),
        looked.offsets(),
        GroupVerdicts.judge(
            looked.group(), looked.offsets(), looked.seen(), looked.timeMs(), stuckAfterMs),
        looked.seen().sinceMs());
  }

  /**
   * What its coordinator knows of a group.
   *
   * @param partitions that it has committed something for, that its members read, and the others of
   *     those topics
   * @param ids of those that exist
   */
  private record Found(
      Described group,
      Map<GroupPartition, Committed> committed,
      Map<GroupPartition, String> readers,
      SortedSet<GroupPartition> partitions,
      Map<GroupPartition, TopicIdPartition> ids) {
    long offset(GroupPartition partition) {
      Committed known = committed.get(partition);
      return known == null ? GroupReport.UNKNOWN : known.offset();
    }

    String metadata(GroupPartition partition) {
      Committed known = committed.get(partition);
      return known == null ? "" : known.metadata();
    }

    ReplicaOffsets.Answer end(
        GroupPartition partition, Map<TopicIdPartition, ReplicaOffsets.Answer> answers) {
      TopicIdPartition id = ids.get(partition);
      ReplicaOffsets.Answer answer = id == null ? null : answers.get(id);
      return answer != null ? answer : new ReplicaOffsets.Unknown(gone());
    }

    private static JangadaException gone() {
      return new JangadaException(
          ErrorCode.UNKNOWN_PARTITION,
          "expected the partition to exist, but it does not",
          "what is committed for it goes with the group, or when it expires");
    }
  }

  private record Looked(Described group, List<Offset> offsets, SeenGroup seen, long timeMs) {}

  private CompletableFuture<Found> find(String groupId) {
    return groups
        .describe(groupId)
        .thenCombine(
            groups.offsets(groupId),
            (group, offsets) -> {
              Map<GroupPartition, Committed> committed = new HashMap<>();
              offsets.forEach(each -> committed.put(each.partition(), each));
              Map<GroupPartition, String> readers = readers(group.members());
              return found(group, committed, readers);
            });
  }

  private static Map<GroupPartition, String> readers(List<Member> members) {
    Map<GroupPartition, String> readers = new HashMap<>();
    members.forEach(
        member ->
            member.assignment().forEach(partition -> readers.put(partition, member.memberId())));
    return readers;
  }

  private Found found(
      Described group,
      Map<GroupPartition, Committed> committed,
      Map<GroupPartition, String> readers) {
    SortedSet<GroupPartition> partitions = new TreeSet<>(committed.keySet());
    partitions.addAll(readers.keySet());
    MetadataImage image = metadata.image();
    Map<GroupPartition, TopicIdPartition> ids = new HashMap<>();
    for (String name : partitions.stream().map(GroupPartition::topic).distinct().toList()) {
      TopicImage topic = image.topic(name);
      if (topic != null) {
        for (int partition : topic.partitions().keySet()) {
          partitions.add(new GroupPartition(name, partition));
          ids.put(new GroupPartition(name, partition), topic.partitionId(partition));
        }
      }
    }
    return new Found(group, committed, readers, partitions, ids);
  }

  private Looked looked(Found found, Map<TopicIdPartition, ReplicaOffsets.Answer> answers) {
    long nowMs = clockMs.getAsLong();
    List<Position> positions = new ArrayList<>();
    for (GroupPartition partition : found.partitions()) {
      if (found.end(partition, answers) instanceof ReplicaOffsets.Offsets known) {
        positions.add(
            new Position(
                partition, found.offset(partition), known.logStartOffset(), known.highWatermark()));
      }
    }
    Listed group = found.group().group();
    SeenGroup seen = history.observe(group.groupId(), group.state(), positions, nowMs);
    return new Looked(
        found.group(),
        found.partitions().stream()
            .map(partition -> offset(found, partition, found.end(partition, answers), seen))
            .toList(),
        seen,
        nowMs);
  }

  private static Offset offset(
      Found found, GroupPartition partition, ReplicaOffsets.Answer answer, SeenGroup seen) {
    long offset = found.offset(partition);
    long end = GroupReport.UNKNOWN;
    long unread = GroupReport.UNKNOWN;
    JangadaException failure = null;
    switch (answer) {
      case ReplicaOffsets.Offsets known -> {
        end = known.highWatermark();
        unread = new Position(partition, offset, known.logStartOffset(), end).lag();
      }
      case ReplicaOffsets.Unknown unknown -> failure = unknown.why();
    }
    return new Offset(
        partition,
        offset,
        end,
        unread,
        found.readers().getOrDefault(partition, ""),
        found.metadata(partition),
        seen.partition(partition).waitingSinceMs(),
        failure);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
