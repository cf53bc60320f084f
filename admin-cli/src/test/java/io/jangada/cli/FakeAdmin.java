// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.backup.BackupEncoder;
import io.jangada.client.Admin;
import io.jangada.client.BrokerDescription;
import io.jangada.client.ConfigChange;
import io.jangada.client.ConfigEntry;
import io.jangada.client.ConfigScope;
import io.jangada.client.ConfigSource;
import io.jangada.client.GroupDescription;
import io.jangada.client.GroupDescription.Finding;
import io.jangada.client.GroupDescription.Member;
import io.jangada.client.GroupDescription.Offset;
import io.jangada.client.GroupDescription.Verdict;
import io.jangada.client.GroupListing;
import io.jangada.client.NewTopic;
import io.jangada.client.Outcome;
import io.jangada.client.PartitionDescription;
import io.jangada.client.PartitionIncrease;
import io.jangada.client.PreferredElection;
import io.jangada.client.QuorumCandidate;
import io.jangada.client.QuorumDescription;
import io.jangada.client.TopicConfigChange;
import io.jangada.client.TopicDescription;
import io.jangada.client.TopicListing;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.internal.v1.BackupHeaderProto;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A cluster of three brokers with the topic {@code logs}, as far as its administration goes. */
public final class FakeAdmin implements Admin {
  /** Whether backups end too early. */
  public boolean brokenBackup;

  /** The last node that was to be added to the quorum. */
  public @Nullable QuorumCandidate added;

  /** The id of every topic here. */
  public static final UUID ID = new UUID(0x1234L, 0x5678L);

  private final List<String> names = new ArrayList<>(List.of("logs"));

  private final List<TopicPartition> elected = new ArrayList<>();

  /** The partitions in which a leader was elected from the last known. */
  public List<TopicPartition> elected() {
    return List.copyOf(elected);
  }

  private final List<String> changes = new ArrayList<>();

  /** What was changed, in order, as far as nothing else here says so. */
  public List<String> changes() {
    return List.copyOf(changes);
  }

  /** The topics that there are now. */
  public List<String> names() {
    return List.copyOf(names);
  }

  @Override
  public List<Outcome<TopicListing>> createTopics(
      Collection<NewTopic> topics, boolean validateOnly) {
    List<Outcome<TopicListing>> outcomes = new ArrayList<>();
    for (NewTopic topic : topics) {
      if (names.contains(topic.name())) {
        outcomes.add(
            new Outcome<>(
                topic.name(),
                null,
                new JangadaException(ErrorCode.TOPIC_ALREADY_EXISTS, "there is a topic logs")));
        continue;
      }
      if (!validateOnly) {
        names.add(topic.name());
      }
      outcomes.add(
          new Outcome<>(
              topic.name(),
              new TopicListing(
                  topic.name(), ID, topic.partitions(), topic.replicationFactor(), false),
              null));
    }
    return outcomes;
  }

  @Override
  public List<Outcome<String>> deleteTopics(Collection<String> topics, boolean validateOnly) {
    List<Outcome<String>> outcomes = new ArrayList<>();
    for (String topic : topics) {
      boolean known = validateOnly ? names.contains(topic) : names.remove(topic);
      outcomes.add(
          known ? new Outcome<>(topic, topic, null) : new Outcome<>(topic, null, unknown(topic)));
    }
    return outcomes;
  }

  @Override
  public List<Outcome<String>> alterTopicConfigs(
      Collection<TopicConfigChange> asked, boolean validateOnly) {
    if (!validateOnly) {
      changes.add("configs " + asked.stream().map(TopicConfigChange::set).toList());
    }
    return asked.stream()
        .map(
            change ->
                names.contains(change.topic())
                    ? new Outcome<>(change.topic(), change.topic(), null)
                    : new Outcome<String>(change.topic(), null, unknown(change.topic())))
        .toList();
  }

  @Override
  public List<Outcome<PartitionIncrease>> createPartitions(
      Map<String, Integer> totals, boolean validateOnly) {
    List<Outcome<PartitionIncrease>> outcomes = new ArrayList<>();
    totals.forEach(
        (topic, total) ->
            outcomes.add(
                !names.contains(topic)
                    ? new Outcome<>(topic, null, unknown(topic))
                    : total > 2
                        ? new Outcome<>(topic, new PartitionIncrease(topic, 2, total), null)
                        : new Outcome<>(
                            topic,
                            null,
                            new JangadaException(
                                ErrorCode.INVALID_PARTITIONS, "expected more than 2"))));
    if (!validateOnly) {
      changes.add("partitions " + totals);
    }
    return outcomes;
  }

  /** Partition 0 is to be moved, 1 need not be, others cannot be. */
  @Override
  public List<Outcome<PreferredElection>> electPreferredLeaders(
      Collection<TopicPartition> partitions, boolean validateOnly) {
    List<TopicPartition> asked =
        partitions.isEmpty()
            ? List.of(
                new TopicPartition("logs", 0),
                new TopicPartition("logs", 1),
                new TopicPartition("logs", 2))
            : List.copyOf(partitions);
    if (!validateOnly) {
      changes.add("elect " + asked);
    }
    return asked.stream()
        .map(
            id ->
                id.partition() > 1
                    ? new Outcome<PreferredElection>(
                        id.toString(),
                        null,
                        new JangadaException(
                            ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE, "it is fenced"))
                    : new Outcome<>(
                        id.toString(), new PreferredElection(id, 1 + id.partition(), 2), null))
        .toList();
  }

  @Override
  public List<Outcome<Long>> deleteRecords(Map<TopicPartition, Long> before) {
    List<Outcome<Long>> outcomes = new ArrayList<>();
    before.forEach(
        (partition, offset) ->
            outcomes.add(
                partition.partition() == 0
                    ? new Outcome<>(partition.toString(), offset < 0 ? 1000L : offset, null)
                    : new Outcome<>(
                        partition.toString(),
                        null,
                        new JangadaException(ErrorCode.LEADER_NOT_AVAILABLE, "nobody leads it"))));
    return outcomes;
  }

  @Override
  public int electFromLastKnown(
      TopicPartition partition, OptionalInt broker, boolean validateOnly) {
    if (!names.contains(partition.topic())) {
      throw unknown(partition.topic());
    }
    if (partition.partition() == 0) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST, "expected a partition without a leader, but broker 2 leads");
    }
    if (!validateOnly) {
      elected.add(partition);
    }
    return broker.orElse(3);
  }

  @Override
  public List<TopicListing> listTopics(boolean includeInternal) {
    return names.stream().map(name -> new TopicListing(name, ID, 2, 3, false)).toList();
  }

  @Override
  public List<Outcome<TopicDescription>> describeTopics(Collection<String> asked) {
    List<Outcome<TopicDescription>> outcomes = new ArrayList<>();
    for (String name : asked.isEmpty() ? names : asked) {
      outcomes.add(
          names.contains(name)
              ? new Outcome<>(name, description(name), null)
              : new Outcome<>(name, null, unknown(name)));
    }
    return outcomes;
  }

  private static TopicDescription description(String name) {
    return new TopicDescription(
        name,
        ID,
        false,
        Map.of("min.insync.replicas", "2"),
        List.of(
            new PartitionDescription(
                0,
                2,
                5,
                7,
                List.of(2, 3, 1),
                List.of(2, 3),
                List.of(1),
                new PartitionDescription.Offsets(10, 1000, 1002, null)),
            new PartitionDescription(
                1,
                -1,
                0,
                0,
                List.of(3, 1, 2),
                List.of(),
                List.of(),
                new PartitionDescription.Offsets(
                    -1,
                    -1,
                    -1,
                    new JangadaException(ErrorCode.LEADER_NOT_AVAILABLE, "no leader")))));
  }

  private static JangadaException unknown(String name) {
    return new JangadaException(ErrorCode.UNKNOWN_TOPIC, "there is no topic " + name);
  }

  @Override
  public List<BrokerDescription> listBrokers() {
    return List.of(
        broker(1, BrokerDescription.State.ACTIVE), broker(2, BrokerDescription.State.FENCED));
  }

  private static BrokerDescription broker(int id, BrokerDescription.State state) {
    return new BrokerDescription(
        id,
        "h" + id + ":7400",
        "",
        "h" + id + ":7402",
        "",
        state,
        40 + id,
        List.of("broker"),
        state == BrokerDescription.State.FENCED ? Map.of(ID, "EIO") : Map.of());
  }

  @Override
  public int setFeatureLevel(int level, boolean validateOnly) {
    return validateOnly ? 1 : level;
  }

  @Override
  public List<Outcome<List<ConfigEntry>>> describeConfigs(Collection<ConfigScope> scopes) {
    ConfigEntry entry =
        new ConfigEntry(
            "broker.parked-reads",
            "20000",
            ConfigSource.CLUSTER,
            "10000",
            List.of(
                new ConfigEntry.Synonym("20000", ConfigSource.CLUSTER),
                new ConfigEntry.Synonym("10000", ConfigSource.DEFAULT)),
            true,
            "",
            "a number in 1..10000000",
            "Reads that wait for new records; more is answered OVERLOADED.");
    return scopes.stream()
        .map(scope -> new Outcome<>(scope.toString(), List.of(entry), null))
        .toList();
  }

  @Override
  public List<Outcome<ConfigScope>> alterConfigs(
      Collection<ConfigChange> asked, boolean validateOnly) {
    return asked.stream()
        .map(change -> new Outcome<>(change.scope().toString(), change.scope(), null))
        .toList();
  }

  @Override
  public QuorumDescription describeQuorum() {
    return new QuorumDescription(
        "c-1",
        1,
        3,
        77,
        123,
        1,
        List.of(
            new QuorumDescription.Member(1, "h1:7401", true, 123, 0, "h1:7400", "d1"),
            new QuorumDescription.Member(2, "h2:7401", false, -1, -1, "", "")));
  }

  @Override
  public void removeBroker(int brokerId, boolean validateOnly) {
    if (brokerId == 9) {
      throw new JangadaException(ErrorCode.UNKNOWN_NODE, "there is no broker 9");
    }
  }

  @Override
  public void backupMetadata(boolean local, OutputStream to) {
    BackupEncoder encoder = new BackupEncoder();
    try {
      to.write(
          encoder.begin(
              BackupHeaderProto.newBuilder()
                  .setClusterId("c-1")
                  .setIndex(77)
                  .setFeatureLevel(3)
                  .build()));
      if (!brokenBackup) {
        to.write(encoder.end());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int transferQuorumLeadership(OptionalInt nodeId, boolean validateOnly) {
    return nodeId.orElse(2);
  }

  @Override
  public int addQuorumMember(QuorumCandidate candidate, boolean validateOnly) {
    added = candidate;
    return 3;
  }

  @Override
  public int removeQuorumMember(int nodeId, boolean force, boolean validateOnly) {
    if (nodeId == 9) {
      throw new JangadaException(ErrorCode.UNKNOWN_NODE, "node 9 is none");
    }
    return force ? 1 : 2;
  }

  /** The group {@code harvest} has a member and is stuck; the group {@code idle} has none. */
  public static final GroupListing HARVEST =
      new GroupListing("harvest", "Stable", "consumer", "consumer", 2);

  /** See {@link #HARVEST}. */
  public static final GroupListing IDLE = new GroupListing("idle", "Empty", "classic", "", 1);

  private static final TopicPartition READ = new TopicPartition("logs", 0);

  @Override
  public List<Outcome<GroupListing>> listGroups() {
    return List.of(new Outcome<>("harvest", HARVEST, null), new Outcome<>("idle", IDLE, null));
  }

  @Override
  public List<Outcome<GroupDescription>> describeGroups(
      Collection<String> groupIds, Duration stuckAfter) {
    return (groupIds.isEmpty() ? List.of("harvest", "idle") : groupIds)
        .stream().map(FakeAdmin::described).toList();
  }

  private static Outcome<GroupDescription> described(String group) {
    Instant time = Instant.parse("2026-01-31T12:00:00Z");
    return switch (group) {
      case "harvest" ->
          new Outcome<>(
              group,
              new GroupDescription(
                  HARVEST,
                  "uniform",
                  List.of(new Member("m-1", "", "picker", "10.0.0.7", List.of(READ), List.of())),
                  List.of(offset(OptionalLong.of(7), "m-1", Optional.of(time))),
                  Verdict.STUCK,
                  List.of(
                      new Finding(
                          "logs:0 has stayed at offset 7",
                          "m-1",
                          Optional.of(READ),
                          Optional.of(time))),
                  time),
              null);
      case "idle" ->
          new Outcome<>(
              group,
              new GroupDescription(
                  IDLE,
                  "",
                  List.of(),
                  List.of(offset(OptionalLong.of(2), "", Optional.empty())),
                  Verdict.IDLE,
                  List.of(new Finding("no members", "", Optional.empty(), Optional.empty())),
                  time),
              null);
      default -> new Outcome<>(group, null, noGroup(group));
    };
  }

  private static Offset offset(OptionalLong offset, String member, Optional<Instant> waiting) {
    return new Offset(
        READ,
        offset,
        OptionalLong.of(10),
        OptionalLong.of(10 - offset.orElse(0)),
        member,
        "",
        waiting,
        Optional.empty());
  }

  private static JangadaException noGroup(String group) {
    return new JangadaException(ErrorCode.GROUP_NOT_FOUND, "no group " + group);
  }

  private static JangadaException hasMembers(String group) {
    return new JangadaException(ErrorCode.GROUP_NOT_EMPTY, group + " has members");
  }

  @Override
  public List<Outcome<String>> deleteGroups(Collection<String> groupIds, boolean validateOnly) {
    List<Outcome<String>> outcomes = new ArrayList<>();
    for (String group : groupIds) {
      switch (group) {
        case "harvest" -> outcomes.add(new Outcome<>(group, null, hasMembers(group)));
        case "idle" -> {
          changes.add(validateOnly ? "checked idle" : "deleted idle");
          outcomes.add(new Outcome<>(group, group, null));
        }
        default -> outcomes.add(new Outcome<>(group, null, noGroup(group)));
      }
    }
    return outcomes;
  }

  @Override
  public List<Outcome<Long>> alterGroupOffsets(
      String groupId, Map<TopicPartition, Long> offsets, boolean validateOnly) {
    if (groupId.equals("harvest")) {
      throw hasMembers(groupId);
    }
    changes.add((validateOnly ? "checked " : "committed ") + groupId + " " + offsets);
    return offsets.entrySet().stream()
        .map(each -> new Outcome<>(each.getKey().toString(), each.getValue(), null))
        .toList();
  }
}
