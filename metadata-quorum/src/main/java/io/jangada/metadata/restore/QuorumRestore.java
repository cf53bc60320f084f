// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.restore;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.membership.MembershipRecord;
import io.jangada.metadata.ratis.LogMember;
import io.jangada.metadata.ratis.LogPosition;
import io.jangada.metadata.ratis.LogSeed;
import io.jangada.metadata.replica.LocalMetadata;
import io.jangada.metadata.store.StorePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes the storage of a quorum's first member, that of a node which has never run: a log that
 * begins with restored metadata, and in which that node alone votes.
 */
public final class QuorumRestore {
  private static final String LOG = "raft";

  private QuorumRestore() {}

  /**
   * Refuses a directory in which a member has been.
   *
   * @param directory the quorum's; may be missing
   * @throws JangadaException UNSAFE if it is not empty, STORAGE_ERROR if it cannot be read
   */
  public static void requireUnused(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      files
          .sorted()
          .findFirst()
          .ifPresent(
              found -> {
                throw new JangadaException(
                    ErrorCode.UNSAFE,
                    "expected a node whose quorum storage is empty, but there is " + found,
                    "restore on a node that was formatted and not started since; to use this one,"
                        + " move "
                        + directory
                        + " away and keep it until the cluster is well");
              });
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  /**
   * Writes it all, durably. What a crash leaves is refused by {@link #requireUnused} and by the
   * member itself.
   *
   * @param directory the quorum's; must pass {@link #requireUnused}
   * @param directoryId the identity of the node's disk
   * @param raftAddress host:port of the node's Ratis listener
   * @param image from {@link Restoration}
   */
  public static void write(
      Path directory, int nodeId, UUID directoryId, String raftAddress, MetadataImage image) {
    requireUnused(directory);
    long index = image.index();
    UUID clusterId = image.cluster().clusterId();
    if (clusterId == null) {
      throw new IllegalArgumentException("not the metadata of a cluster");
    }
    try {
      Files.createDirectories(directory);
      // A term can't have passed the index by a leap, so that the index serves as one: members of
      // the old quorum that are still about are of the past to this one.
      LogSeed.write(
          directory.resolve(LOG),
          clusterId.toString(),
          new LogMember(nodeId, directoryId, raftAddress),
          new LogPosition(index, index),
          file -> LocalMetadata.write(new StorePosition(index, index), image, file));
      MembershipRecord membership =
          MembershipRecord.load(directory.resolve("membership.properties"));
      membership.learn(Map.of(nodeId, directoryId));
      membership.added(nodeId, directoryId);
      membership.state(MembershipRecord.State.STARTED);
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  private static JangadaException failed(Path directory, IOException cause) {
    return new JangadaException(
        ErrorCode.STORAGE_ERROR,
        "expected to write the quorum's storage in " + directory + ", but " + cause.getMessage(),
        "check the disk and the permissions; empty the directory before the next attempt",
        true,
        cause);
  }
}
