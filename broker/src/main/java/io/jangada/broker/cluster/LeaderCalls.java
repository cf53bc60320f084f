// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.grpc.stub.StreamObserver;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Splits what is asked about partitions between the brokers that lead them. */
final class LeaderCalls {
  private LeaderCalls() {}

  /**
   * Asks each leader once for all of its partitions.
   *
   * @param leaderless the answer for a partition that nobody leads
   * @param ask a leader, by its address; never completes exceptionally
   * @return one entry for each partition
   */
  static <A> CompletableFuture<Map<TopicIdPartition, A>> split(
      MetadataImage image,
      Collection<TopicIdPartition> partitions,
      Function<JangadaException, A> leaderless,
      BiFunction<String, List<TopicIdPartition>, CompletableFuture<Map<TopicIdPartition, A>>> ask) {
    Map<TopicIdPartition, A> answers = new HashMap<>();
    Map<String, List<TopicIdPartition>> byLeader = new TreeMap<>();
    for (TopicIdPartition partition : partitions) {
      BrokerRegistration leader = leaderOf(image, partition);
      if (leader == null) {
        answers.put(partition, leaderless.apply(leaderless(partition)));
      } else {
        byLeader
            .computeIfAbsent(leader.profile().endpoints().grpc(), each -> new ArrayList<>())
            .add(partition);
      }
    }
    List<CompletableFuture<Map<TopicIdPartition, A>>> asked = new ArrayList<>();
    byLeader.forEach((address, led) -> asked.add(ask.apply(address, led)));
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            all -> {
              asked.forEach(each -> answers.putAll(each.join()));
              return answers;
            });
  }

  private static @Nullable BrokerRegistration leaderOf(MetadataImage image, TopicIdPartition id) {
    PartitionRegistration partition = image.partition(id);
    return partition == null || !partition.hasLeader() ? null : image.broker(partition.leader());
  }

  private static JangadaException leaderless(TopicIdPartition partition) {
    return new JangadaException(
        ErrorCode.LEADER_NOT_AVAILABLE,
        "expected " + partition + " to have a leader, but none of its replicas may lead now",
        "start the brokers that hold it");
  }

  /** Completes a future with the one answer of a call. */
  record OnlyAnswer<T>(CompletableFuture<T> answer) implements StreamObserver<T> {
    @Override
    public void onNext(T value) {
      answer.complete(value);
    }

    @Override
    public void onError(Throwable failure) {
      answer.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      // The answer came before.
    }
  }
}
