// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.util.MD5FileUtil;

/**
 * Makes the directory of a log that begins with a snapshot, of one voter: as if that member had
 * purged everything before. The first start finds it like any other log.
 */
public final class LogSeed {
  private LogSeed() {}

  /** Writes the state of the snapshot's position into a new file. */
  @FunctionalInterface
  public interface Snapshot {
    /** May block; need not sync. */
    void write(Path file) throws IOException;
  }

  /**
   * Writes the directory, durably, or nothing.
   *
   * @param directory must not exist; its parent must
   * @param clusterId names the group
   * @param voter the only one
   * @param position of the snapshot; the voter's term begins with it
   */
  public static void write(
      Path directory, String clusterId, LogMember voter, LogPosition position, Snapshot snapshot)
      throws IOException {
    Path partial = directory.resolveSibling(directory.getFileName() + ".partial");
    Path group = partial.resolve(PeerIds.group(clusterId).getUuid().toString());
    Path current = Files.createDirectories(group.resolve("current"));
    Path states = Files.createDirectories(group.resolve("sm"));
    Path state = states.resolve("snapshot." + position.term() + "_" + position.index());
    snapshot.write(state);
    force(state);
    MD5FileUtil.computeAndSaveMd5ForFile(state.toFile());
    LogEntryProto voters =
        LogEntryProto.newBuilder()
            .setTerm(position.term())
            .setIndex(position.index())
            .setConfigurationEntry(
                RaftConfigurationProto.newBuilder()
                    .addPeers(PeerIds.toPeer(voter).getRaftPeerProto()))
            .build();
    try (OutputStream out = Files.newOutputStream(current.resolve("raft-meta.conf"))) {
      voters.writeTo(out);
    }
    force(current.resolve("raft-meta.conf"));
    // As Ratis writes it: the term it has seen, and for whom it voted there.
    write(current.resolve("raft-meta"), "term=" + position.term() + "\nvotedFor=\n");
    for (Path each : new Path[] {states, current, group, partial}) {
      force(each);
    }
    Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
    Path parent = directory.getParent();
    if (parent != null) {
      force(parent);
    }
  }

  private static void write(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
