// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.ecosystem;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the members of a group were given, and whether at-least-once allows it: whoever goes on with
 * a partition begins no earlier than where the group had committed last, and no later than where
 * somebody had read to. Within that, what is read twice is allowed. Not thread-safe.
 */
final class Deliveries {
  /** What happened, by the clock of this machine. */
  private sealed interface Event {
    long atMs();
  }

  /** Read in one poll, without a gap; {@code to} is the offset behind the last. */
  private record Read(long atMs, String member, long from, long to) implements Event {}

  /** Acknowledged by the coordinator. */
  private record Commit(long atMs, String member, long offset) implements Event {}

  private final Map<Integer, List<Event>> partitions = new TreeMap<>();
  private final Set<String> values = new HashSet<>();

  /** The records of one poll of one partition. */
  void read(long atMs, String member, int partition, long from, long to) {
    events(partition).add(new Read(atMs, member, from, to));
  }

  /** A record's value. */
  void value(String value) {
    values.add(value);
  }

  /** A commit that was acknowledged. */
  void committed(long atMs, String member, int partition, long offset) {
    events(partition).add(new Commit(atMs, member, offset));
  }

  private List<Event> events(int partition) {
    return partitions.computeIfAbsent(partition, each -> new ArrayList<>());
  }

  /** Every value that somebody read. */
  Set<String> values() {
    return values;
  }

  /**
   * What became of it.
   *
   * @param records that were read at least once
   * @param again how often one was read once more
   * @param handovers how often somebody went on with a partition where another had stopped
   * @param complaints what at-least-once does not allow
   */
  record Verdict(long records, long again, int handovers, List<String> complaints) {}

  /** To be asked in the end. */
  Verdict verdict() {
    long records = 0;
    long again = 0;
    int handovers = 0;
    List<String> complaints = new ArrayList<>();
    for (Map.Entry<Integer, List<Event>> partition : partitions.entrySet()) {
      List<Event> ordered = new ArrayList<>(partition.getValue());
      // A commit that came in the same millisecond came first: it takes a handover longer than
      // that.
      ordered.sort(
          Comparator.comparingLong(Event::atMs).thenComparing(event -> event instanceof Read));
      Map<String, Long> positions = new HashMap<>();
      long highest = 0;
      long committed = 0;
      for (Event event : ordered) {
        switch (event) {
          case Commit commit -> {
            if (commit.offset() < committed) {
              complaints.add(
                  "partition %d: %s committed %d, but %d was committed"
                      .formatted(partition.getKey(), commit.member(), commit.offset(), committed));
            }
            committed = Math.max(committed, commit.offset());
          }
          case Read read -> {
            if (positions.getOrDefault(read.member(), -1L) != read.from()) {
              handovers++;
              if (read.from() < committed || read.from() > highest) {
                complaints.add(
                    "partition %d: %s began at %d, but %d was committed and %d read"
                        .formatted(
                            partition.getKey(), read.member(), read.from(), committed, highest));
              }
            }
            again += Math.max(0, Math.min(read.to(), highest) - read.from());
            highest = Math.max(highest, read.to());
            positions.put(read.member(), read.to());
          }
        }
      }
      records += highest;
    }
    return new Verdict(records, again, handovers, complaints);
  }
}
