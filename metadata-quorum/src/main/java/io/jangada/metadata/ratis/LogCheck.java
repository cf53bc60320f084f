// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.util.MD5FileUtil;
import org.apache.ratis.util.SizeInBytes;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log's files before Ratis does, which cuts and deletes what it takes for the rest of a
 * write. What does not fit together is refused with the file's name.
 */
final class LogCheck {
  private static final SizeInBytes LARGEST_ENTRY = SizeInBytes.valueOf("8MB");

  private final LogSettings settings;

  LogCheck(LogSettings settings) {
    this.settings = settings;
  }

  /**
   * Checks all segments.
   *
   * @param applied what this member has applied. Alone in its quorum it must have that in its log
   *     or in a snapshot; in company the others may have committed what it had not written yet
   */
  void run(LogPosition applied) {
    try (Stream<Path> groups = Files.list(settings.directory())) {
      List<Path> found = groups.filter(Files::isDirectory).toList();
      for (Path group : found) {
        check(group, applied);
      }
      if (found.isEmpty()) {
        requireReached(settings.directory(), -1, applied);
      }
    } catch (NoSuchFileException e) {
      // The first start.
      requireReached(settings.directory(), -1, applied);
    } catch (IOException e) {
      throw damaged(settings.directory(), e);
    }
  }

  private void check(Path group, LogPosition applied) throws IOException {
    Path current = group.resolve("current");
    List<Path> segments = list(current, "log_");
    if (!segments.isEmpty() && !Files.exists(current.resolve("raft-meta"))) {
      throw damaged(current.resolve("raft-meta"), new IOException("it is missing"));
    }
    long end = -1;
    for (Path snapshot : list(group.resolve("sm"), "snapshot.")) {
      end = Math.max(end, indexOf(snapshot));
    }
    List<LogSegmentPath> parsed = new ArrayList<>();
    for (Path segment : segments) {
      LogSegmentPath path =
          Files.size(segment) == 0 ? null : LogSegmentPath.matchLogSegment(segment);
      if (path != null) {
        parsed.add(path);
      }
    }
    parsed.sort(Comparator.comparing(LogSegmentPath::getStartEnd));
    if (!parsed.isEmpty()) {
      requireConnected(parsed.getFirst(), Math.max(end, applied.index()));
    }
    long next = -1;
    for (LogSegmentPath segment : parsed) {
      next = read(segment, next);
    }
    requireReached(current, Math.max(end, next - 1), applied);
  }

  /** The index of a whole snapshot, or -1 for another file and for one that was not finished. */
  private static long indexOf(Path snapshot) {
    String name = snapshot.getFileName().toString();
    if (!name.matches("snapshot\\.\\d+_\\d+")) {
      return -1;
    }
    try {
      @Nullable MD5Hash expected = MD5FileUtil.readStoredMd5ForFile(snapshot.toFile());
      if (expected == null) {
        return -1;
      }
      MD5FileUtil.verifySavedMD5(snapshot.toFile(), expected);
    } catch (IOException | RuntimeException e) {
      throw damaged(snapshot, e);
    }
    return Long.parseLong(name.substring(name.indexOf('_') + 1));
  }

  /** What is before the log has to be in a snapshot or in the store. */
  private static void requireConnected(LogSegmentPath first, long before) {
    String name = first.getPath().getFileName().toString();
    long start = Long.parseLong(name.replaceFirst("log_(inprogress_)?(\\d+).*", "$2"));
    if (start > before + 1) {
      throw damaged(
          first.getPath(),
          new IOException("nothing is left of the entries from " + (before + 1) + " to " + start));
    }
  }

  private static long read(LogSegmentPath segment, long expected) {
    long[] next = {expected};
    try {
      LogSegment.readSegmentFile(
          segment.getPath().toFile(),
          segment.getStartEnd(),
          LARGEST_ENTRY,
          CorruptionPolicy.EXCEPTION,
          null,
          entry -> {
            if (next[0] >= 0 && entry.getIndex() != next[0]) {
              throw new IllegalStateException(
                  "its entry " + entry.getIndex() + " is where " + next[0] + " belongs");
            }
            next[0] = entry.getIndex() + 1;
          });
    } catch (IOException | RuntimeException e) {
      throw damaged(segment.getPath(), e);
    }
    return next[0];
  }

  private void requireReached(Path directory, long end, LogPosition applied) {
    if (settings.alone() && end < applied.index()) {
      throw damaged(
          directory,
          new IOException(
              "it ends at " + end + " while entries up to " + applied.index() + " were applied"));
    }
  }

  private static List<Path> list(Path directory, String prefix) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  private static JangadaException damaged(Path file, Exception cause) {
    return new JangadaException(
        ErrorCode.STORAGE_ERROR,
        "expected to read the metadata log's " + file + ", but " + cause.getMessage(),
        "the file is damaged, and this member must not vote with it: put the file back, or remove"
            + " the member from the quorum and add it again as a new one, which catches up from the"
            + " others",
        true,
        cause);
  }
}
