// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.history;

import io.jangada.chaos.history.Anomaly.Kind;
import io.jangada.chaos.history.Operation.Acknowledged;
import io.jangada.chaos.history.Operation.Poll;
import io.jangada.chaos.history.Operation.Read;
import io.jangada.chaos.history.Operation.Reassigned;
import io.jangada.chaos.history.Operation.Refused;
import io.jangada.chaos.history.Operation.Send;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks for anomalies in a history. What an error says of itself is believed: a value whose send
 * was surely refused may never be read. Not for topics with transactions or retention: offsets are
 * taken to be without holes.
 */
public final class HistoryChecker {
  private final History history;
  private final List<Anomaly> anomalies = new ArrayList<>();
  private final Map<Integer, Partition> partitions = new TreeMap<>();

  private HistoryChecker(History history) {
    this.history = history;
  }

  /** What is known of one partition. */
  private static final class Partition {
    final Map<Long, TreeSet<Long>> valuesByOffset = new TreeMap<>();
    final Map<Long, TreeSet<Long>> offsetsByValue = new TreeMap<>();
    final Map<Long, Send> sends = new HashMap<>();
    final Map<Long, Long> readAt = new TreeMap<>();
    final TreeSet<Long> drained = new TreeSet<>();
    long highestDrained = Operation.NO_OFFSET;

    void seen(long offset, long value) {
      if (offset != Operation.NO_OFFSET) {
        valuesByOffset.computeIfAbsent(offset, any -> new TreeSet<>()).add(value);
        offsetsByValue.computeIfAbsent(value, any -> new TreeSet<>()).add(offset);
      }
    }
  }

  /** All anomalies, by partition and kind. */
  public static List<Anomaly> check(History history) {
    HistoryChecker checker = new HistoryChecker(history);
    checker.gather();
    checker.offsets();
    checker.reads();
    checker.losses();
    checker.polls();
    checker.sends();
    checker.realTime();
    checker.anomalies.sort(Comparator.comparing(Anomaly::partition).thenComparing(Anomaly::kind));
    return List.copyOf(checker.anomalies);
  }

  private Partition partition(int number) {
    return partitions.computeIfAbsent(number, any -> new Partition());
  }

  private void found(Kind kind, int partition, String what) {
    anomalies.add(new Anomaly(kind, partition, what));
  }

  private void gather() {
    for (Operation operation : history.operations()) {
      switch (operation) {
        case Send send -> {
          Partition partition = partition(send.partition());
          partition.sends.put(send.value(), send);
          partition.seen(send.offset(), send.value());
        }
        case Poll poll -> {
          for (Read read : poll.records()) {
            Partition partition = partition(read.partition());
            partition.seen(read.offset(), read.value());
            partition.readAt.putIfAbsent(read.value(), read.offset());
            if (poll.process() == history.drain()) {
              partition.drained.add(read.value());
              partition.highestDrained = Math.max(partition.highestDrained, read.offset());
            }
          }
        }
        case Reassigned reassigned -> {
          // Of interest only to polls().
        }
      }
    }
  }

  private void offsets() {
    partitions.forEach(
        (number, partition) -> {
          partition.valuesByOffset.forEach(
              (offset, values) -> {
                if (values.size() > 1) {
                  found(
                      Kind.INCONSISTENT_OFFSETS,
                      number,
                      "offset %d is %s".formatted(offset, values));
                }
              });
          partition.offsetsByValue.forEach(
              (value, offsets) -> {
                if (offsets.size() > 1) {
                  found(Kind.DUPLICATE, number, "value %d is at %s".formatted(value, offsets));
                }
              });
        });
  }

  private void reads() {
    partitions.forEach(
        (number, partition) ->
            partition.readAt.forEach(
                (value, offset) -> {
                  Send send = partition.sends.get(value);
                  if (send == null) {
                    found(
                        Kind.INVENTED,
                        number,
                        "value %d at %d was never sent".formatted(value, offset));
                  } else if (send.outcome() instanceof Refused(String code)) {
                    found(
                        Kind.REFUSED_BUT_READ,
                        number,
                        "value %d at %d was refused with %s".formatted(value, offset, code));
                  }
                }));
  }

  /** Whatever was acknowledged or read once has to be there in the end. */
  private void losses() {
    partitions.forEach(
        (number, partition) -> {
          TreeSet<Long> committed = new TreeSet<>(partition.readAt.keySet());
          partition.sends.values().stream()
              .filter(send -> send.outcome() instanceof Acknowledged)
              .forEach(send -> committed.add(send.value()));
          committed.removeAll(partition.drained);
          for (long value : committed) {
            TreeSet<Long> offsets = partition.offsetsByValue.getOrDefault(value, new TreeSet<>());
            boolean passed = !offsets.isEmpty() && offsets.last() <= partition.highestDrained;
            found(
                passed ? Kind.LOST : Kind.UNSEEN,
                number,
                "value %d, %s, is not there; what was read in the end goes up to offset %d"
                    .formatted(
                        value,
                        partition.readAt.containsKey(value)
                            ? "read at " + partition.readAt.get(value)
                            : "acknowledged at " + offsets,
                        partition.highestDrained));
          }
        });
  }

  private void polls() {
    Map<Integer, Map<Integer, Long>> positions = new HashMap<>();
    for (Operation operation : history.operations()) {
      Map<Integer, Long> position =
          positions.computeIfAbsent(operation.process(), any -> new HashMap<>());
      switch (operation) {
        case Reassigned reassigned -> position.clear();
        case Poll poll -> poll.records().forEach(read -> step(poll, read, position));
        case Send send -> {
          // Moves no position.
        }
      }
    }
  }

  private void step(Poll poll, Read read, Map<Integer, Long> position) {
    Long before = position.put(read.partition(), read.offset());
    if (before == null) {
      if (poll.process() == history.drain() && read.offset() != 0) {
        found(Kind.POLL_SKIP, read.partition(), "the drain begins at %d".formatted(read.offset()));
      }
    } else if (read.offset() != before + 1) {
      found(
          read.offset() > before ? Kind.POLL_SKIP : Kind.NON_MONOTONIC_POLL,
          read.partition(),
          "process %d read %d after %d".formatted(poll.process(), read.offset(), before));
    }
  }

  private void sends() {
    Map<List<Integer>, Send> last = new HashMap<>();
    history.operations().stream()
        .filter(Send.class::isInstance)
        .map(Send.class::cast)
        .filter(send -> send.offset() != Operation.NO_OFFSET)
        .sorted(Comparator.comparingLong(Send::startNs))
        .forEach(
            send -> {
              Send before = last.put(List.of(send.process(), send.partition()), send);
              if (before != null && send.offset() <= before.offset()) {
                found(
                    Kind.NON_MONOTONIC_SEND,
                    send.partition(),
                    "process %d wrote value %d at %d after value %d at %d"
                        .formatted(
                            send.process(),
                            send.value(),
                            send.offset(),
                            before.value(),
                            before.offset()));
              }
            });
  }

  private void realTime() {
    partitions.forEach(
        (number, partition) -> {
          List<Send> known =
              partition.sends.values().stream()
                  .filter(send -> send.offset() != Operation.NO_OFFSET)
                  .toList();
          List<Send> byEnd = known.stream().sorted(Comparator.comparingLong(Send::endNs)).toList();
          List<Send> byStart =
              known.stream().sorted(Comparator.comparingLong(Send::startNs)).toList();
          int ended = 0;
          long highest = Operation.NO_OFFSET;
          for (Send send : byStart) {
            while (byEnd.get(ended).endNs() < send.startNs()) {
              highest = Math.max(highest, byEnd.get(ended++).offset());
            }
            if (send.offset() <= highest) {
              found(
                  Kind.STALE_OFFSET,
                  number,
                  "value %d got %d, but %d had been acknowledged before it was sent"
                      .formatted(send.value(), send.offset(), highest));
            }
          }
        });
  }
}
