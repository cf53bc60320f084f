// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The segment files that a recovery finds: of one base offset there are several where compaction
 * was under way. Used by one thread.
 */
final class SegmentsOnDisk {
  private final NavigableMap<Long, NavigableSet<Integer>> generations = new TreeMap<>();
  private final NavigableMap<Long, LogSegment> used = new TreeMap<>();

  private SegmentsOnDisk() {}

  /** What there is in a log's directory, which need not exist. */
  static SegmentsOnDisk in(Storage storage, Path directory) throws IOException {
    SegmentsOnDisk found = new SegmentsOnDisk();
    if (storage.exists(directory)) {
      for (Path path : storage.list(directory)) {
        SegmentNames.Name name = SegmentNames.parse(path);
        if (name != null) {
          found
              .generations
              .computeIfAbsent(name.baseOffset(), unknown -> new TreeSet<>())
              .add(name.generation());
        }
      }
    }
    return found;
  }

  boolean has(long baseOffset, int generation) {
    NavigableSet<Integer> found = generations.get(baseOffset);
    return found != null && found.contains(generation);
  }

  /** In their order. */
  NavigableSet<Long> baseOffsets() {
    return generations.navigableKeySet();
  }

  /**
   * The oldest generation of a segment: what a newer one stands for is removed only once that is
   * whole, and from its beginning on, so that without a checkpoint the oldest one is to be trusted.
   */
  int oldest(long baseOffset) {
    return generations.get(baseOffset).first();
  }

  /** That one belongs to the log. */
  void used(LogSegment segment) {
    used.put(segment.baseOffset(), segment);
  }

  /** Those that do not. */
  List<SegmentNames.Name> unused() {
    List<SegmentNames.Name> unused = new ArrayList<>();
    generations.forEach(
        (baseOffset, found) -> {
          LogSegment user = used.get(baseOffset);
          for (int generation : found) {
            if (user == null || user.generation() != generation) {
              unused.add(new SegmentNames.Name(baseOffset, generation));
            }
          }
        });
    return unused;
  }

  /**
   * Whether a file that does not belong to the log is there by compaction: one that was not
   * finished, or one that another stands for.
   */
  boolean isOfCompaction(SegmentNames.Name name) {
    var holder = used.floorEntry(name.baseOffset());
    return name.generation() > 0
        || used.containsKey(name.baseOffset())
        || (holder != null && holder.getValue().generation() > 0);
  }
}
