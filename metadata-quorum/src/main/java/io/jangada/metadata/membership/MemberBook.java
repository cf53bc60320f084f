// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.membership;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the members of the quorum are, as far as this node knows: as it is configured, until the
 * quorum's leader says otherwise. What was learnt is kept in a file, so that a node finds a quorum
 * whose members were all replaced, one after the other; where the configuration has changed since,
 * that is the newer word for the members it names. Thread-safe.
 */
public final class MemberBook {
  private static final Logger LOG = LoggerFactory.getLogger(MemberBook.class);
  private static final String CONFIGURED = "configured";
  private static final String MEMBER = "member.";

  private final @Nullable Path file;
  private final String configured;
  private List<QuorumMember> members;

  private MemberBook(@Nullable Path file, String configured, List<QuorumMember> members) {
    this.file = file;
    this.configured = configured;
    this.members = List.copyOf(members);
  }

  /** Members that stay what they are. */
  public static MemberBook fixed(List<QuorumMember> members) {
    return new MemberBook(null, "", members);
  }

  /** Reads the file, if there is one. */
  public static MemberBook open(Path file, List<QuorumMember> configured) {
    Map<Integer, QuorumMember> members = new TreeMap<>();
    String text = configured.toString();
    try {
      if (Files.exists(file)) {
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(file)));
        for (String key : properties.stringPropertyNames()) {
          if (key.startsWith(MEMBER)) {
            String[] addresses = properties.getProperty(key).split(" ", -1);
            int nodeId = Integer.parseInt(key.substring(MEMBER.length()));
            members.put(nodeId, new QuorumMember(nodeId, addresses[0], addresses[1]));
          }
        }
        if (!text.equals(properties.getProperty(CONFIGURED))) {
          configured.forEach(member -> members.put(member.nodeId(), member));
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} is of no use, the configured members of the quorum have to do", file, e);
      members.clear();
    }
    if (members.isEmpty()) {
      configured.forEach(member -> members.put(member.nodeId(), member));
    }
    return new MemberBook(file, text, List.copyOf(members.values()));
  }

  /** All members that are known, by node id. */
  public synchronized List<QuorumMember> members() {
    return members;
  }

  /** Takes over what the leader says, for good. Returns whether anything is new. */
  public synchronized boolean learn(List<QuorumMember> voters) {
    if (voters.isEmpty() || voters.equals(members)) {
      return false;
    }
    LOG.info(
        "the members of the metadata quorum are {} (were {})", places(voters), places(members));
    members = List.copyOf(voters);
    save();
    return true;
  }

  private static List<String> places(List<QuorumMember> members) {
    return members.stream().map(member -> member.nodeId() + "@" + member.grpcAddress()).toList();
  }

  /** Somebody names a leader that is not in the book. Returns whether it is new. */
  public synchronized boolean meet(int nodeId, String grpcAddress) {
    if (grpcAddress.isEmpty()
        || members.stream().anyMatch(member -> member.grpcAddress().equals(grpcAddress))) {
      return false;
    }
    List<QuorumMember> more = new ArrayList<>(members);
    more.removeIf(member -> member.nodeId() == nodeId);
    more.add(new QuorumMember(nodeId, "", grpcAddress));
    members = List.copyOf(more);
    return true;
  }

  private void save() {
    Path target = file;
    if (target == null) {
      return;
    }
    Properties properties = new Properties();
    properties.setProperty(CONFIGURED, configured);
    members.forEach(
        member ->
            properties.setProperty(
                MEMBER + member.nodeId(), member.raftAddress() + " " + member.grpcAddress()));
    try {
      StringWriter text = new StringWriter();
      properties.store(text, null);
      Path next = target.resolveSibling(target.getFileName() + ".next");
      Files.writeString(next, text.toString());
      Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // It is asked for again after the next start.
      LOG.warn("the members of the quorum could not be written to {}", target, e);
    }
  }

  /** The one of that id. */
  public synchronized QuorumMember member(int nodeId) {
    return members.stream()
        .filter(member -> member.nodeId() == nodeId)
        .findFirst()
        .orElseThrow(
            () ->
                new JangadaException(
                    ErrorCode.UNKNOWN_NODE,
                    "expected a member of the metadata quorum, but node " + nodeId + " is none"));
  }
}
