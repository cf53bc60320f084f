// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.client.CommittedOffset;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.GroupConfig;
import io.jangada.client.OffsetAndTimestamp;
import io.jangada.client.RebalanceListener;
import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Reads a {@link FakeLog}, one record of each partition at a time. */
final class FakeConsumer implements Consumer {
  private final FakeLog log;
  private final Map<TopicPartition, Long> positions = new TreeMap<>();
  private final Set<TopicPartition> paused = new TreeSet<>();

  FakeConsumer(FakeLog log) {
    this.log = log;
  }

  @Override
  public void assign(Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> positions.putIfAbsent(partition, 0L));
    positions.keySet().retainAll(partitions);
  }

  @Override
  public void subscribe(Collection<String> topics, GroupConfig group, RebalanceListener listener) {
    throw new UnsupportedOperationException("groups");
  }

  @Override
  public void subscribeMatching(String regex, GroupConfig group, RebalanceListener listener) {
    throw new UnsupportedOperationException("groups");
  }

  @Override
  public void unsubscribe() {
    throw new UnsupportedOperationException("groups");
  }

  @Override
  public void commitSync() {
    throw new UnsupportedOperationException("groups");
  }

  @Override
  public void commitSync(Map<TopicPartition, CommittedOffset> offsets) {
    throw new UnsupportedOperationException("groups");
  }

  @Override
  public CompletableFuture<Void> commitAsync() {
    throw new UnsupportedOperationException("groups");
  }

  @Override
  public CompletableFuture<Void> commitAsync(Map<TopicPartition, CommittedOffset> offsets) {
    throw new UnsupportedOperationException("groups");
  }

  @Override
  public Map<TopicPartition, CommittedOffset> committed(Collection<TopicPartition> partitions) {
    throw new UnsupportedOperationException("groups");
  }

  @Override
  public Set<TopicPartition> assignment() {
    return new TreeSet<>(positions.keySet());
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    positions.put(partition, offset);
  }

  @Override
  public void seekToBeginning(Collection<TopicPartition> partitions) {
    partitions.forEach(partition -> seek(partition, 0));
  }

  @Override
  public void seekToEnd(Collection<TopicPartition> partitions) {
    endOffsets(partitions).forEach(this::seek);
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    paused.addAll(partitions);
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    paused.removeAll(Set.copyOf(partitions));
  }

  @Override
  public Set<TopicPartition> paused() {
    return new TreeSet<>(paused);
  }

  @Override
  public List<ConsumerRecord> poll(Duration timeout) {
    List<ConsumerRecord> polled = new ArrayList<>();
    for (Map.Entry<TopicPartition, Long> position : positions.entrySet()) {
      if (paused.contains(position.getKey())) {
        continue;
      }
      List<ConsumerRecord> records = log.records(position.getKey().partition());
      int next = Math.toIntExact(position.getValue());
      if (next < records.size()) {
        polled.add(records.get(next));
        position.setValue(next + 1L);
      }
    }
    return polled;
  }

  @Override
  public long position(TopicPartition partition) {
    return positions.getOrDefault(partition, 0L);
  }

  @Override
  public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    partitions.forEach(partition -> offsets.put(partition, 0L));
    return offsets;
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    partitions.forEach(
        partition -> offsets.put(partition, (long) log.records(partition.partition()).size()));
    return offsets;
  }

  @Override
  public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
      Map<TopicPartition, Long> timesMs) {
    Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
    timesMs.forEach(
        (partition, timeMs) ->
            log.records(partition.partition()).stream()
                .filter(record -> record.timestampMs() >= timeMs)
                .findFirst()
                .ifPresent(
                    record ->
                        found.put(
                            partition,
                            new OffsetAndTimestamp(record.offset(), record.timestampMs(), 0))));
    return found;
  }

  @Override
  public int partitionCount(String topic) {
    return log.partitionCount(topic);
  }

  @Override
  public void wakeup() {}

  @Override
  public void close() {}
}
