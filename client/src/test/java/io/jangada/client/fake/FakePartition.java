// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.fake;

import io.jangada.client.UnexpectedOffsetException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatches;
import io.jangada.record.RecordReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A log in memory with Kafka's rules for idempotent producers. Guarded by its cluster's lock. */
final class FakePartition {
  private static final int REMEMBERED = 5;

  /** What happens to the next batch on its way to a reader. */
  enum Damage {
    NONE,
    BIT,
    NONSENSE
  }

  final int number;
  final Set<Integer> followers = new TreeSet<>();
  final Map<Integer, Integer> responses = new HashMap<>();
  int leader;
  int epoch = 1;
  long logStart;
  long nextOffset;
  long sentBytes;
  Damage damage = Damage.NONE;
  final List<RecordBatch> log = new ArrayList<>();
  final Deque<Behaviour> script = new ArrayDeque<>();
  private final Map<Long, ProducerState> producers = new HashMap<>();

  private static final class ProducerState {
    short epoch;
    int lastSequence;
    final Deque<RecordBatch> recent = new ArrayDeque<>();
  }

  FakePartition(int number, int leader) {
    this.number = number;
    this.leader = leader;
  }

  void forgetProducers() {
    producers.clear();
  }

  /** Appends, or recognises; returns the base offset. */
  long append(ByteBuffer bytes) {
    return append(bytes, -1);
  }

  /** The same if it gets that offset, or whatever offset if that is -1. */
  long append(ByteBuffer bytes, long expectedOffset) {
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
    copy.put(bytes.duplicate()).flip();
    RecordBatch batch = RecordBatch.at(copy);
    batch.validate();
    RecordReader.of(batch).forEachRemaining(record -> {});
    boolean fits = expectedOffset < 0 || expectedOffset == nextOffset;
    if (batch.producerId() != RecordBatch.NO_PRODUCER_ID) {
      long known = checkSequence(batch, fits);
      if (known >= 0) {
        return known;
      }
    }
    if (!fits) {
      throw new UnexpectedOffsetException(expectedOffset, nextOffset, true);
    }
    batch.assign(nextOffset, epoch);
    nextOffset = batch.nextOffset();
    log.add(batch);
    return batch.baseOffset();
  }

  private long checkSequence(RecordBatch batch, boolean remember) {
    ProducerState state = producers.get(batch.producerId());
    if (!remember && (state == null || batch.producerEpoch() > state.epoch)) {
      return -1;
    }
    if (state == null) {
      state = new ProducerState();
      producers.put(batch.producerId(), state);
      state.epoch = batch.producerEpoch();
    } else if (batch.producerEpoch() < state.epoch) {
      throw new JangadaException(ErrorCode.INVALID_PRODUCER_EPOCH, "expected a newer epoch");
    } else if (batch.producerEpoch() > state.epoch) {
      if (batch.baseSequence() != 0) {
        throw new JangadaException(
            ErrorCode.OUT_OF_ORDER_SEQUENCE, "expected 0 in a new epoch, but " + batch);
      }
      state.epoch = batch.producerEpoch();
      state.recent.clear();
    } else {
      for (RecordBatch old : state.recent) {
        if (old.baseSequence() == batch.baseSequence()
            && old.lastSequence() == batch.lastSequence()) {
          return old.baseOffset();
        }
      }
      if (batch.baseSequence() != ((state.lastSequence + 1) & Integer.MAX_VALUE)) {
        boolean older = batch.lastSequence() <= state.lastSequence;
        throw new JangadaException(
            older ? ErrorCode.DUPLICATE_SEQUENCE : ErrorCode.OUT_OF_ORDER_SEQUENCE,
            "expected sequence " + (state.lastSequence + 1) + ", but got " + batch.baseSequence());
      }
    }
    if (!remember) {
      return -1;
    }
    state.lastSequence = batch.lastSequence();
    state.recent.addLast(batch);
    if (state.recent.size() > REMEMBERED) {
      state.recent.removeFirst();
    }
    return -1;
  }

  List<String> values() {
    List<String> values = new ArrayList<>();
    for (RecordBatch batch : log) {
      for (RecordBatch each : RecordBatches.in(batch.bytes())) {
        RecordReader.of(each)
            .forEachRemaining(
                record -> {
                  ByteBuffer value = record.value();
                  values.add(
                      value == null
                          ? "null"
                          : StandardCharsets.UTF_8.decode(value.duplicate()).toString());
                });
      }
    }
    return values;
  }
}
