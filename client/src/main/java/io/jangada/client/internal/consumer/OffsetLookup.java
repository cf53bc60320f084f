// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.consumer;

import io.jangada.api.v1.ConsumeServiceGrpc;
import io.jangada.api.v1.ListOffsetsRequest;
import io.jangada.api.v1.ListOffsetsResponse;
import io.jangada.api.v1.OffsetQuery;
import io.jangada.api.v1.OffsetResult;
import io.jangada.client.BrokerAddress;
import io.jangada.client.internal.Shared;
import io.jangada.client.internal.metadata.LeaderView;
import io.jangada.client.internal.net.Backoff;
import io.jangada.client.internal.net.UnaryCall;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.wire.WireErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks leaders for offsets. Thread-safe. */
final class OffsetLookup {
  private final Shared shared;

  OffsetLookup(Shared shared) {
    this.shared = shared;
  }

  /**
   * Asks a leader once, without blocking.
   *
   * @return fails with a {@link JangadaException}
   */
  CompletableFuture<OffsetResult> askOnce(
      TopicPartition partition, LeaderView leader, OffsetQuery query) {
    ListOffsetsRequest request =
        ListOffsetsRequest.newBuilder()
            .setForward(leader.forward())
            .addQueries(addressed(query, partition, leader))
            .build();
    return UnaryCall.ask(
            shared.connections().to(leader.address()),
            ConsumeServiceGrpc.getListOffsetsMethod(),
            request,
            shared.config().attemptTimeout())
        .thenApply(response -> results(response, 1).get(0));
  }

  /**
   * Asks until every partition is answered for.
   *
   * @throws JangadaException the first that is not worth a retry; REQUEST_TIMED_OUT after the
   *     client's request timeout
   */
  Map<TopicPartition, OffsetResult> ask(Map<TopicPartition, OffsetQuery> queries) {
    long begun = System.nanoTime();
    long timeout = shared.config().requestTimeout().toNanos();
    for (TopicPartition partition : queries.keySet()) {
      int count = shared.topics().await(partition.topic(), timeout).partitions().size();
      if (partition.partition() < 0 || partition.partition() >= count) {
        throw new JangadaException(
            ErrorCode.UNKNOWN_PARTITION,
            "expected a partition of "
                + partition.topic()
                + " below "
                + count
                + ", but got "
                + partition.partition());
      }
    }
    Map<TopicPartition, OffsetResult> found = new HashMap<>();
    Map<TopicPartition, OffsetQuery> open = new HashMap<>(queries);
    Backoff backoff = Backoff.ofRetries();
    JangadaException last = null;
    while (true) {
      JangadaException trouble = round(open, found);
      last = trouble == null ? last : trouble;
      open.keySet().removeAll(found.keySet());
      if (open.isEmpty()) {
        return found;
      }
      long left = timeout - (System.nanoTime() - begun);
      if (left <= 0) {
        throw timedOut(open, last);
      }
      shared.updater().refresh(null);
      sleep(Math.min(left, backoff.nextNanos()));
    }
  }

  /** One question to each leader concerned; returns the last error that is worth a retry. */
  private @Nullable JangadaException round(
      Map<TopicPartition, OffsetQuery> open, Map<TopicPartition, OffsetResult> found) {
    Map<BrokerAddress, List<TopicPartition>> byLeader = new HashMap<>();
    Map<TopicPartition, LeaderView> leaders = new HashMap<>();
    for (TopicPartition partition : open.keySet()) {
      Optional<LeaderView> leader = shared.routes().toLeader(partition, System.nanoTime());
      if (leader.isPresent()) {
        leaders.put(partition, leader.get());
        byLeader.computeIfAbsent(leader.get().address(), a -> new ArrayList<>()).add(partition);
      }
    }
    Map<BrokerAddress, CompletableFuture<ListOffsetsResponse>> asked = new HashMap<>();
    byLeader.forEach(
        (address, partitions) -> {
          ListOffsetsRequest.Builder request = ListOffsetsRequest.newBuilder();
          for (TopicPartition partition : partitions) {
            LeaderView leader = leaders.getOrDefault(partition, null);
            OffsetQuery query = open.getOrDefault(partition, OffsetQuery.getDefaultInstance());
            if (leader != null) {
              request
                  .addQueries(addressed(query, partition, leader))
                  .setForward(request.getForward() || leader.forward());
            }
          }
          asked.put(
              address,
              UnaryCall.ask(
                  shared.connections().to(address),
                  ConsumeServiceGrpc.getListOffsetsMethod(),
                  request.build(),
                  shared.config().attemptTimeout()));
        });
    JangadaException trouble = null;
    for (Map.Entry<BrokerAddress, CompletableFuture<ListOffsetsResponse>> each : asked.entrySet()) {
      List<TopicPartition> partitions = byLeader.getOrDefault(each.getKey(), List.of());
      try {
        List<OffsetResult> results = results(get(each.getValue()), partitions.size());
        for (int i = 0; i < results.size(); i++) {
          JangadaException error = errorIn(results.get(i));
          if (error == null) {
            found.put(partitions.get(i), results.get(i));
          } else {
            trouble = retriable(error);
          }
        }
      } catch (JangadaException e) {
        trouble = retriable(e);
      }
    }
    return trouble;
  }

  static @Nullable JangadaException errorIn(OffsetResult result) {
    return result.hasError() ? WireErrors.fromWire(result.getError()) : null;
  }

  private static JangadaException retriable(JangadaException error) {
    if (!error.retriable()) {
      throw error;
    }
    return error;
  }

  private static OffsetQuery addressed(
      OffsetQuery query, TopicPartition partition, LeaderView leader) {
    return query.toBuilder().setTopic(leader.topic()).setPartition(partition.partition()).build();
  }

  private static List<OffsetResult> results(ListOffsetsResponse response, int expected) {
    if (response.getResultsCount() != expected) {
      throw new JangadaException(
          ErrorCode.INTERNAL,
          "expected " + expected + " offsets, but got " + response.getResultsCount());
    }
    return response.getResultsList();
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof JangadaException typed) {
        throw typed;
      }
      throw new IllegalStateException("calls fail with typed errors only", e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static void sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static JangadaException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new JangadaException(
        ErrorCode.REQUEST_TIMED_OUT,
        "expected time to look up offsets, but the thread was interrupted",
        "",
        true,
        e);
  }

  private JangadaException timedOut(
      Map<TopicPartition, OffsetQuery> open, @Nullable JangadaException last) {
    Duration timeout = shared.config().requestTimeout();
    return new JangadaException(
        ErrorCode.REQUEST_TIMED_OUT,
        "expected the offsets of "
            + open.keySet()
            + " within "
            + timeout
            + ", but "
            + (last == null ? "they have no leader" : last.getMessage()),
        "look at the partitions: jangada partition list",
        true,
        last);
  }
}
