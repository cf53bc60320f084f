// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.internal.v1.FollowerMessage;
import io.jangada.internal.v1.Hello;
import io.jangada.internal.v1.LeaderMessage;
import io.jangada.internal.v1.ReplicationServiceGrpc;
import io.jangada.internal.v1.Subscribe;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.log.TestBatches;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An exception that nobody expects ends what it happened in, and nothing else. */
@Timeout(60)
class DefectsTest {
  private static final ReplicationLimits LIMITS =
      new ReplicationLimits(2 << 20, 16 << 20, 1_024, 64, 100, 1 << 20, 0);

  @TempDir Path temp;
  private LocalCluster cluster;
  private TopicIdPartition id;
  private TopicIdPartition other;

  @BeforeEach
  void startBrokers() throws IOException {
    cluster = new LocalCluster(temp, LIMITS);
    cluster.start(1);
    cluster.start(2);
    id = cluster.create(2, 1, 2);
    other = cluster.create(2, 1, 2);
    assertAppended(1, id);
    assertAppended(1, other);
  }

  @AfterEach
  void stopBrokers() throws IOException {
    cluster.close();
  }

  private AppendResult append(int broker, TopicIdPartition to) {
    AppendResult result;
    do {
      result =
          cluster
              .broker(broker)
              .partition(to)
              .append(TestBatches.fresh(3, 10, 1_000, 1), Acks.ALL, -1, 10_000)
              .orTimeout(20, TimeUnit.SECONDS)
              .join();
    } while (result instanceof AppendResult.Failed failed && failed.code() == ErrorCode.NOT_LEADER);
    return result;
  }

  private void assertAppended(int broker, TopicIdPartition to) {
    assertThat(append(broker, to)).isInstanceOf(AppendResult.Appended.class);
  }

  private double defects(int broker, String component) {
    Double value =
        cluster
            .broker(broker)
            .metrics()
            .getSampleValue(
                "jangada_replication_defects_total",
                new String[] {"component"},
                new String[] {component});
    return value == null ? 0 : value;
  }

  @Test
  void aPoisonedPartitionGoesOfflineAlone() throws Exception {
    CompletableFuture<LostReplicas> lost = new CompletableFuture<>();
    cluster.broker(1).runtime().onReplicasLost(lost::complete);
    LocalPartition poisoned = (LocalPartition) cluster.broker(1).partition(id);
    poisoned
        .loop()
        .execute(
            () -> {
              throw new IllegalStateException("poison");
            });
    assertThat(lost.get(10, TimeUnit.SECONDS).replicas()).containsExactly(id);
    assertThat(append(1, id))
        .isInstanceOfSatisfying(
            AppendResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.STORAGE_ERROR));
    assertAppended(1, other);
    assertThat(defects(1, "partition")).isEqualTo(1);
    assertThat(cluster.broker(1).runtime().defect().toCompletableFuture()).isNotDone();
  }

  @Test
  void aPoisonedStreamIsClosedAlone() throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget("127.0.0.1:" + cluster.broker(1).server().getPort())
            .usePlaintext()
            .build();
    try {
      CompletableFuture<Status> ended = new CompletableFuture<>();
      StreamObserver<FollowerMessage> stream =
          ReplicationServiceGrpc.newStub(channel)
              .replicate(
                  new StreamObserver<LeaderMessage>() {
                    @Override
                    public void onNext(LeaderMessage message) {}

                    @Override
                    public void onError(Throwable e) {
                      ended.complete(Status.fromThrowable(e));
                    }

                    @Override
                    public void onCompleted() {
                      ended.complete(Status.OK);
                    }
                  });
      ByteString noUuid = ByteString.copyFromUtf8("poison");
      stream.onNext(
          FollowerMessage.newBuilder()
              .setHello(Hello.newBuilder().setBrokerId(9).setCreditBytes(1_000))
              .addSubscribe(Subscribe.newBuilder().setTopicId(noUuid))
              .build());
      assertThat(ended.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.INTERNAL);
    } finally {
      channel.shutdownNow();
    }
    assertThat(defects(1, "push-stream")).isEqualTo(1);
    assertAppended(1, id);
    assertThat(cluster.broker(1).runtime().defect().toCompletableFuture()).isNotDone();
  }

  @Test
  void whatIsNobodysIsToldToTheBroker() {
    Error error = new StackOverflowError("poison");
    LocalPartition poisoned = (LocalPartition) cluster.broker(1).partition(id);
    poisoned
        .loop()
        .execute(
            () -> {
              throw error;
            });
    assertThat(cluster.broker(1).runtime().defect().toCompletableFuture())
        .succeedsWithin(10, TimeUnit.SECONDS)
        .isEqualTo(error);
  }
}
