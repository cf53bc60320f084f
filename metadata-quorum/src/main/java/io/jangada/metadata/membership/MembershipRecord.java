// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.membership;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a member durably knows of all members' disks, in a small file of its own. Written before an
 * answer that rests on it is given.
 *
 * <pre>
 *   NEW --all others admitted this disk--> JOINING --they recorded that it votes, log started--> STARTED
 *   NEW --joins a quorum that is there--> WAITING --the quorum's configuration names it--> STARTED
 *   STARTED --the quorum's configuration names it no longer--> REMOVED --started again--> WAITING
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class MembershipRecord {
  /** How far this node itself is. */
  public enum State {
    /** The others were not asked yet. */
    NEW,
    /** The others admitted this disk; they may have recorded that it votes. */
    JOINING,
    /** The log has run here. */
    STARTED,
    /** No voter yet: it waits until the members add it. */
    WAITING,
    /** No voter any more: the members have removed it. */
    REMOVED
  }

  /**
   * What is known of a member's disk.
   *
   * @param directoryId its identity
   * @param votes whether it has said that it is about to vote
   */
  public record Disk(UUID directoryId, boolean votes) {}

  private static final String STATE = "state";
  private static final String SELF = "directory.id";
  private static final String MEMBER = "member.";

  private final Path file;
  private final Map<Integer, Disk> disks = new TreeMap<>();
  private State state = State.NEW;
  private @Nullable UUID self;

  private MembershipRecord(Path file) {
    this.file = file;
  }

  /** Reads the file, or begins an empty record where there is none. */
  public static MembershipRecord load(Path file) {
    MembershipRecord record = new MembershipRecord(file);
    if (!Files.exists(file)) {
      return record;
    }
    try {
      Properties properties = new Properties();
      properties.load(new StringReader(Files.readString(file)));
      record.state = State.valueOf(properties.getProperty(STATE));
      @Nullable String self = properties.getProperty(SELF);
      record.self = self == null ? null : UUID.fromString(self);
      for (String key : properties.stringPropertyNames()) {
        if (key.startsWith(MEMBER)) {
          String[] value = properties.getProperty(key).split(" ", -1);
          record.disks.put(
              Integer.valueOf(key.substring(MEMBER.length())),
              new Disk(UUID.fromString(value[0]), value[1].equals("votes")));
        }
      }
      return record;
    } catch (IOException | RuntimeException e) {
      throw new JangadaException(
          ErrorCode.STORAGE_ERROR,
          "expected to read the quorum's membership from " + file + ", but " + e.getMessage(),
          "if the file is damaged, remove this member from the quorum and add it again as a new"
              + " one",
          true,
          e);
    }
  }

  /** How far this node is. */
  public synchronized State state() {
    return state;
  }

  /** The identity under which this node votes, if it is another one than its disk's. */
  public synchronized Optional<UUID> self() {
    return Optional.ofNullable(self);
  }

  /**
   * Begins anew as one that waits to be added: what it has voted is forgotten, so that it is
   * another voter from now on.
   */
  public synchronized void waitAnew(UUID directoryId) {
    disks.clear();
    self = directoryId;
    state = State.WAITING;
    save();
  }

  /** The members have added a node with that disk, in place of any other it had. */
  public synchronized void added(int nodeId, UUID directoryId) {
    disks.put(nodeId, new Disk(directoryId, true));
    save();
  }

  /** Moves this node on. */
  public synchronized void state(State next) {
    state = next;
    save();
  }

  /** The disk of a member as far as it is known. */
  public synchronized Optional<Disk> disk(int nodeId) {
    return Optional.ofNullable(disks.get(nodeId));
  }

  /** The disks of the members that are known to vote. */
  public synchronized Map<Integer, UUID> voters() {
    Map<Integer, UUID> voters = new TreeMap<>();
    disks.forEach(
        (nodeId, disk) -> {
          if (disk.votes()) {
            voters.put(nodeId, disk.directoryId());
          }
        });
    return voters;
  }

  /**
   * Takes over what the members' own answers say, unless one is known to vote with another disk.
   */
  public synchronized void learn(Map<Integer, UUID> directories) {
    directories.forEach(
        (nodeId, directoryId) -> {
          @Nullable Disk known = disks.get(nodeId);
          if (known == null || (!known.votes() && !known.directoryId().equals(directoryId))) {
            disks.put(nodeId, new Disk(directoryId, false));
          } else if (!known.directoryId().equals(directoryId)) {
            throw otherDisk(nodeId, known.directoryId(), directoryId);
          }
        });
    save();
  }

  /**
   * Whether a member with an empty log may join.
   *
   * @param inMetadata the directory id that the metadata has for it, or null
   * @param announces whether it is about to vote, which is recorded
   * @return why not, or empty
   */
  public synchronized Optional<JangadaException> admit(
      int nodeId, UUID directoryId, @Nullable UUID inMetadata, boolean announces) {
    @Nullable Disk known = disks.get(nodeId);
    if (inMetadata != null && !inMetadata.equals(directoryId)) {
      return Optional.of(otherDisk(nodeId, inMetadata, directoryId));
    }
    boolean binding = known != null && (known.votes() || state == State.STARTED);
    if (known != null && binding && !known.directoryId().equals(directoryId)) {
      return Optional.of(otherDisk(nodeId, known.directoryId(), directoryId));
    }
    if (known == null && inMetadata == null && state == State.STARTED) {
      return Optional.of(noMember(nodeId));
    }
    boolean hasVoted = inMetadata != null || (known != null && known.votes());
    if (hasVoted && !announces) {
      return Optional.of(lostLog(nodeId));
    }
    if (announces && (known == null || !known.equals(new Disk(directoryId, true)))) {
      disks.put(nodeId, new Disk(directoryId, true));
      save();
    }
    return Optional.empty();
  }

  private static JangadaException otherDisk(int nodeId, UUID known, UUID found) {
    return new JangadaException(
        ErrorCode.DUPLICATE_BROKER_ID,
        "expected quorum member "
            + nodeId
            + " to have the metadata directory "
            + known
            + ", but it has "
            + found,
        remedy(nodeId));
  }

  private static JangadaException noMember(int nodeId) {
    return new JangadaException(
        ErrorCode.DUPLICATE_BROKER_ID,
        "expected a member of the metadata quorum, but it was formed without node " + nodeId,
        "take node "
            + nodeId
            + " out of its own quorum.members, so that it waits to be added, and add it: jangada"
            + " quorum add "
            + nodeId
            + "@HOST:GRPCPORT/RATISPORT");
  }

  private static JangadaException lostLog(int nodeId) {
    return new JangadaException(
        ErrorCode.DUPLICATE_BROKER_ID,
        "expected quorum member "
            + nodeId
            + " to have the metadata log it has voted in, but its"
            + " storage is empty",
        remedy(nodeId));
  }

  static String remedy(int nodeId) {
    return "a member that has lost its log must not vote again: restore its disk, or"
        + " remove it from the quorum and add it again as a new one: jangada quorum remove "
        + nodeId
        + ", format the empty disk with --join, start, jangada quorum add "
        + nodeId
        + "@HOST:GRPCPORT/RATISPORT";
  }

  private void save() {
    Properties properties = new Properties();
    properties.setProperty(STATE, state.name());
    if (self != null) {
      properties.setProperty(SELF, self.toString());
    }
    disks.forEach(
        (nodeId, disk) ->
            properties.setProperty(
                MEMBER + nodeId, disk.directoryId() + (disk.votes() ? " votes" : " known")));
    try {
      StringWriter text = new StringWriter();
      properties.store(text, null);
      Path next = file.resolveSibling(file.getFileName() + ".next");
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new JangadaException(
          ErrorCode.STORAGE_ERROR,
          "expected to write the quorum's membership to " + file + ", but " + e.getMessage(),
          "check the disk, its free space and the permissions",
          true,
          e);
    }
  }
}
