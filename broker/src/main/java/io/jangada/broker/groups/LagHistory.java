// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import io.jangada.groups.GroupAdmin.GroupPartition;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was seen of groups' offsets during the last minute, and since when they wait. Pure: time is
 * an argument. Bounded: where more partitions are looked at, the groups that were looked at least
 * recently are forgotten. Thread-safe.
 */
final class LagHistory {
  /** How far back a trend goes. */
  static final long WINDOW_MS = 60_000;

  /** What is seen more often says nothing more. */
  private static final long SPACING_MS = 4_000;

  /** Nothing is said about a trend that is seen for a shorter time. */
  private static final long TREND_MS = 20_000;

  private final int maxPartitions;
  private final Map<String, Group> groups = new LinkedHashMap<>(16, 0.75f, true);
  private int partitions;

  LagHistory(int maxPartitions) {
    this.maxPartitions = maxPartitions;
  }

  /**
   * A partition of a group at one moment.
   *
   * @param offset the next to be read; below 0: nothing was committed
   * @param start the first that there is
   * @param end the high watermark
   */
  record Position(GroupPartition partition, long offset, long start, long end) {
    /** How much is still to be read: where nothing was committed, everything. */
    long lag() {
      return Math.max(0, end - (offset < 0 ? start : offset));
    }
  }

  /** What became of a partition during the last minute. */
  enum Trend {
    /** The offset did not move. */
    STILL,
    /** It moved. */
    MOVING,
    /** It moved, and yet there is more and more to read. */
    FALLING_BEHIND
  }

  /**
   * What is known of a partition.
   *
   * @param waitingSinceMs since when there is something to read and the offset does not move; 0: it
   *     does not wait
   */
  record Seen(long waitingSinceMs, Trend trend) {
    static final Seen NOTHING = new Seen(0, Trend.STILL);
  }

  /**
   * What is known of a group.
   *
   * @param sinceMs since when it is looked at
   * @param stateSinceMs since when it is in its state, as far as that was seen
   */
  record SeenGroup(long sinceMs, long stateSinceMs, Map<GroupPartition, Seen> partitions) {
    Seen partition(GroupPartition partition) {
      return partitions.getOrDefault(partition, Seen.NOTHING);
    }
  }

  /** Adds what is seen now, and says what is known with that. Partitions not seen are forgotten. */
  synchronized SeenGroup observe(
      String groupId, String state, List<Position> positions, long nowMs) {
    Group group = groups.computeIfAbsent(groupId, _ -> new Group(state, nowMs));
    if (!group.state.equals(state)) {
      group.state = state;
      group.stateSinceMs = nowMs;
    }
    partitions -= group.tracks.size();
    Map<GroupPartition, Track> tracks = new HashMap<>();
    Map<GroupPartition, Seen> seen = new HashMap<>();
    for (Position position : positions) {
      Track track = group.tracks.getOrDefault(position.partition(), new Track());
      track.observe(position, nowMs);
      tracks.put(position.partition(), track);
      seen.put(position.partition(), new Seen(track.waitingSinceMs, track.trend()));
    }
    group.tracks = tracks;
    partitions += tracks.size();
    forgetOldest(groupId);
    return new SeenGroup(group.sinceMs, group.stateSinceMs, seen);
  }

  private void forgetOldest(String but) {
    Iterator<Map.Entry<String, Group>> oldest = groups.entrySet().iterator();
    while (partitions > maxPartitions && oldest.hasNext()) {
      Map.Entry<String, Group> entry = oldest.next();
      if (!entry.getKey().equals(but)) {
        partitions -= entry.getValue().tracks.size();
        oldest.remove();
      }
    }
  }

  /** Forgets all groups but those. */
  synchronized void retain(Collection<String> groupIds) {
    groups
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !groupIds.contains(entry.getKey());
              partitions -= gone ? entry.getValue().tracks.size() : 0;
              return gone;
            });
  }

  /** How many partitions are remembered. */
  synchronized int partitions() {
    return partitions;
  }

  private static final class Group {
    private final long sinceMs;
    private String state;
    private long stateSinceMs;
    private Map<GroupPartition, Track> tracks = Map.of();

    Group(String state, long nowMs) {
      this.sinceMs = nowMs;
      this.state = state;
      this.stateSinceMs = nowMs;
    }
  }

  private record Sample(long timeMs, long offset, long lag) {}

  private static final class Track {
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long waitingSinceMs;

    void observe(Position position, long nowMs) {
      Sample last = samples.peekLast();
      boolean waits = position.lag() > 0;
      boolean moved = last == null || last.offset() != position.offset();
      if (!waits) {
        waitingSinceMs = 0;
      } else if (moved || waitingSinceMs == 0) {
        waitingSinceMs = nowMs;
      }
      // The newest is always the last one; those before it are apart from each other.
      Iterator<Sample> fromLast = samples.descendingIterator();
      if (fromLast.hasNext()) {
        fromLast.next();
        if (fromLast.hasNext() && last.timeMs() - fromLast.next().timeMs() < SPACING_MS) {
          samples.removeLast();
        }
      }
      samples.addLast(new Sample(nowMs, position.offset(), position.lag()));
      while (nowMs - samples.getFirst().timeMs() > WINDOW_MS) {
        samples.removeFirst();
      }
    }

    /**
     * Commits come in steps, and so the lag goes up and down even where a reader keeps up. It falls
     * behind where even the smallest lag of the last third is larger than the smallest of the first
     * one, and by more than one such step.
     */
    Trend trend() {
      long firstMs = samples.getFirst().timeMs();
      long lengthMs = samples.getLast().timeMs() - firstMs;
      long lowFirst = Long.MAX_VALUE;
      long lowLast = Long.MAX_VALUE;
      long largestStep = 0;
      Sample before = samples.getFirst();
      for (Sample sample : samples) {
        if (sample.timeMs() - firstMs <= lengthMs / 3) {
          lowFirst = Math.min(lowFirst, sample.lag());
        }
        if (sample.timeMs() - firstMs >= lengthMs - lengthMs / 3) {
          lowLast = Math.min(lowLast, sample.lag());
        }
        largestStep = Math.max(largestStep, Math.abs(sample.offset() - before.offset()));
        before = sample;
      }
      if (largestStep == 0) {
        return Trend.STILL;
      }
      boolean behind = lengthMs >= TREND_MS && lowLast - lowFirst > largestStep;
      return behind ? Trend.FALLING_BEHIND : Trend.MOVING;
    }
  }
}
