// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.membership.MembershipRecord;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.metadata.ratis.LogMember;
import io.jangada.metadata.ratis.LogView;
import io.jangada.metadata.ratis.RatisMetadataLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who votes, and whether this node does. The log says so as soon as there is one; the configuration
 * names the members of the first start. Thread-safe.
 */
final class QuorumVoters {
  private static final Logger LOG = LoggerFactory.getLogger(QuorumVoters.class);

  private final QuorumNodeConfig config;
  private final MembershipRecord membership;
  private final UUID directoryId;

  private QuorumVoters(QuorumNodeConfig config, MembershipRecord membership) {
    this.config = config;
    this.membership = membership;
    this.directoryId = membership.self().orElse(config.directoryId());
  }

  /** Reads what this node knows. Who joins, or was removed, begins with nothing but its name. */
  static QuorumVoters open(QuorumNodeConfig config) {
    MembershipRecord membership =
        MembershipRecord.load(config.directory().resolve("membership.properties"));
    if (membership.state() == MembershipRecord.State.REMOVED) {
      LOG.warn(
          "node {} was removed from the metadata quorum: it forgets its part and waits to be added"
              + " again; without the role quorum it would not",
          config.nodeId());
      forget(config.directory());
      membership.waitAnew(UUID.randomUUID());
    } else if (membership.state() == MembershipRecord.State.NEW && config.joins()) {
      membership.waitAnew(config.directoryId());
    }
    return new QuorumVoters(config, membership);
  }

  /** The log of a removed member is nobody's; the members have all that is in it. */
  private static void forget(Path directory) {
    try {
      for (String name : List.of("metadata.mdb", "metadata.mdb-lock")) {
        Files.deleteIfExists(directory.resolve(name));
      }
      Path raft = directory.resolve("raft");
      if (Files.exists(raft)) {
        try (Stream<Path> files = Files.walk(raft)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MembershipRecord membership() {
    return membership;
  }

  /** The identity under which this node votes. */
  UUID directoryId() {
    return directoryId;
  }

  /** Whether this node has yet to be added. */
  boolean waiting() {
    return membership.state() == MembershipRecord.State.WAITING;
  }

  /** Whether this node was removed while it ran. */
  boolean removed() {
    return membership.state() == MembershipRecord.State.REMOVED;
  }

  /** Whether this node takes part. */
  boolean votes() {
    return !waiting() && !removed();
  }

  LogMember self() {
    return new LogMember(config.nodeId(), directoryId, config.self().raftAddress());
  }

  /** With whom the log starts: those who voted last, else the first members. */
  List<LogMember> atStart(Path raft) {
    return RatisMetadataLog.lastVoters(raft, config.clusterId().toString())
        .map(voters -> voters.stream().map(this::whereConfigured).toList())
        .orElseGet(
            () -> waiting() ? List.of() : config.members().stream().map(this::voter).toList());
  }

  /**
   * The addresses of those that were added are in the log; those of the first members may change
   * with the configuration.
   */
  private LogMember whereConfigured(LogMember voter) {
    return voter.grpcAddress().isEmpty()
        ? configured(voter.nodeId())
            .map(member -> new LogMember(voter.nodeId(), voter.disk(), member.raftAddress(), ""))
            .orElse(voter)
        : voter;
  }

  private LogMember voter(QuorumMember member) {
    UUID disk =
        membership
            .disk(member.nodeId())
            .map(MembershipRecord.Disk::directoryId)
            .orElseThrow(
                () ->
                    new JangadaException(
                        ErrorCode.INVALID_CONFIG,
                        "expected the quorum that this node has joined, but member "
                            + member.nodeId()
                            + " was not part of it",
                        "restore the list of quorum members; members are added with the cluster"
                            + " running: jangada quorum add"));
    return new LogMember(member.nodeId(), disk, member.raftAddress());
  }

  private Optional<QuorumMember> configured(int nodeId) {
    return config.members().stream().filter(member -> member.nodeId() == nodeId).findFirst();
  }

  /** The disks of the voters, where they are known. */
  Map<Integer, UUID> disks(Optional<LogView> view) {
    Map<Integer, UUID> disks = membership.voters();
    disks.put(config.nodeId(), directoryId);
    List<LogView.MemberView> voters = view.map(LogView::members).orElse(List.of());
    disks
        .entrySet()
        .removeIf(
            disk ->
                voters.stream()
                    .noneMatch(
                        voter ->
                            voter.nodeId() == disk.getKey()
                                && voter.disk().equals(LogMember.diskOf(disk.getValue()))));
    return disks;
  }

  /** Whom to ask about the quorum: every other node that is known as a member. */
  List<QuorumMember> others(List<LogMember> voters) {
    Map<String, QuorumMember> others = new LinkedHashMap<>();
    voters.stream()
        .filter(voter -> !voter.grpcAddress().isEmpty() && voter.nodeId() != config.nodeId())
        .forEach(
            voter ->
                others.put(
                    voter.grpcAddress(),
                    new QuorumMember(voter.nodeId(), voter.address(), voter.grpcAddress())));
    config.members().stream()
        .filter(member -> member.nodeId() != config.nodeId())
        .forEach(member -> others.putIfAbsent(member.grpcAddress(), member));
    return List.copyOf(others.values());
  }

  /** Where a member is reached by gRPC; empty if that is unknown. */
  String grpcAddress(int nodeId, Optional<LogView> view) {
    return view.stream()
        .flatMap(seen -> seen.members().stream())
        .filter(voter -> voter.nodeId() == nodeId && !voter.grpcAddress().isEmpty())
        .map(LogView.MemberView::grpcAddress)
        .findFirst()
        .or(() -> configured(nodeId).map(QuorumMember::grpcAddress))
        .orElse("");
  }
}
