// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.api.v1.ProduceServiceGrpc;
import io.jangada.api.v1.TopicRef;
import io.jangada.record.Compression;
import io.jangada.record.RecordBatchBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What one bad client may do to a broker: get a clear error. After each test the broker still
 * serves everybody else.
 */
class BadRequestsTest {
  private static final int MAX_BATCH_BYTES = 1024 * 1024;
  private static final int PATIENCE_S = 20;

  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = LocalCluster.start(1);
    jangada("topic", "create", "orders", "--partitions", "2");
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  @AfterEach
  void othersAreServed() throws Exception {
    ProduceResponse answer = produce(request("orders", 0, batch("after")));
    assertThat(answer.hasError()).as("%s", answer).isFalse();
    assertThat(cluster.node(1).ready()).isTrue();
  }

  @Test
  void anUnknownTopicIsSaidToBeUnknown() throws Exception {
    Commands.Result result = jangada("topic", "describe", "nowhere");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).contains("nowhere").doesNotContain("\tat ");
    Error error = produce(request("nowhere", 0, batch("x"))).getError();
    assertThat(error.getCode()).isEqualTo("UNKNOWN_TOPIC");
    assertThat(error.getDefinite()).isTrue();
  }

  @Test
  void anUnknownPartitionIsSaidToBeUnknown() throws Exception {
    for (int partition : new int[] {2, -1, Integer.MAX_VALUE}) {
      Error error = produce(request("orders", partition, batch("x"))).getError();
      assertThat(error.getCode()).isEqualTo("UNKNOWN_PARTITION");
      assertThat(error.getMessage()).contains("below 2").contains("" + partition);
    }
  }

  @Test
  void anInvalidTopicNameIsRefused() throws Exception {
    for (String name : List.of("a b", "..", "x".repeat(250), "a/b", "ü")) {
      Commands.Result result = jangada("topic", "create", name, "-o", "json");
      assertThat(result.exitCode()).as(name).isNotZero();
      assertThat(result.err()).contains("INVALID_TOPIC_NAME");
    }
  }

  @Test
  void moreReplicasThanBrokersAreRefused() throws Exception {
    Commands.Result result =
        jangada("topic", "create", "wide", "--replication-factor", "3", "-o", "json");
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.err()).contains("INVALID_REPLICATION_FACTOR").contains("3").contains("1");
    assertThat(jangada("topic", "list").out()).doesNotContain("wide");
  }

  @Test
  void aMisspeltTopicConfigurationIsRefusedWithASuggestion() throws Exception {
    Commands.Result result = jangada("topic", "create", "typo", "--config", "min.insync.replica=1");
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.err()).contains("min.insync.replicas");
  }

  @Test
  void anOversizedBatchIsRefusedDefinitely() throws Exception {
    Error error = produce(request("orders", 0, batch("x".repeat(2 * MAX_BATCH_BYTES)))).getError();
    assertThat(error.getCode()).isEqualTo("MESSAGE_TOO_LARGE");
    assertThat(error.getDefinite()).isTrue();
  }

  @Test
  void damagedBatchesAreRefusedWhereverTheDamageIs() throws Exception {
    byte[] good = batch("a record that is long enough to be damaged").toByteArray();
    Random random = new Random(42);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = good.clone();
      // The first 16 bytes are the broker's to write, but for the length.
      int at = 16 + random.nextInt(damaged.length - 16);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Error error = produce(request("orders", 1, ByteString.copyFrom(damaged))).getError();
      assertThat(error.getCode()).as("bit flipped in byte %d", at).isEqualTo("CORRUPT_MESSAGE");
    }
    Error truncated =
        produce(request("orders", 1, ByteString.copyFrom(good, 0, good.length - 1))).getError();
    assertThat(truncated.getCode()).isEqualTo("CORRUPT_MESSAGE");
  }

  @Test
  void garbageOnTheGrpcPortClosesThatConnectionOnly() throws Exception {
    byte[] garbage = new byte[64 * 1024];
    for (int seed = 0; seed < 20; seed++) {
      new Random(seed).nextBytes(garbage);
      sendAndAwaitClose(garbage);
    }
    sendAndAwaitClose("GET / HTTP/1.1\r\nHost: jangada\r\n\r\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aClientThatVanishesLeavesTheBrokerAlone() throws Exception {
    for (int i = 0; i < 20; i++) {
      ManagedChannel channel = channel();
      StreamObserver<ProduceRequest> requests =
          ProduceServiceGrpc.newStub(channel).produce(new Answers());
      requests.onNext(request("orders", 0, batch("vanishing")));
      channel.shutdownNow();
      assertThat(channel.awaitTermination(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Commands.Result jangada(String... arguments)
      throws IOException, InterruptedException {
    String[] all = new String[arguments.length + 2];
    all[0] = "--bootstrap";
    all[1] = cluster.bootstrap();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return cluster.commands().run(all);
  }

  private static ProduceResponse produce(ProduceRequest request) throws InterruptedException {
    ManagedChannel channel = channel();
    try {
      Answers answers = new Answers();
      StreamObserver<ProduceRequest> requests =
          ProduceServiceGrpc.newStub(channel).produce(answers);
      requests.onNext(request);
      ProduceResponse answer = answers.received.poll(PATIENCE_S, TimeUnit.SECONDS);
      assertThat(answer).as("an answer to %s", request.getTopic()).isNotNull();
      return answer;
    } finally {
      channel.shutdownNow();
    }
  }

  private static ManagedChannel channel() {
    return NettyChannelBuilder.forTarget(cluster.node(1).plan().grpcAddress())
        .usePlaintext()
        .build();
  }

  private static ProduceRequest request(String topic, int partition, ByteString batch) {
    return ProduceRequest.newBuilder()
        .setCorrelationId(1)
        .setTopic(TopicRef.newBuilder().setName(topic))
        .setPartition(partition)
        .setRecordBatch(batch)
        .build();
  }

  private static ByteString batch(String value) {
    RecordBatchBuilder builder = new RecordBatchBuilder(8 * MAX_BATCH_BYTES, Compression.NONE);
    builder.appendBytes(1, null, value.getBytes(StandardCharsets.UTF_8), List.of());
    return UnsafeByteOperations.unsafeWrap(builder.build().bytes());
  }

  private static void sendAndAwaitClose(byte[] bytes) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), cluster.node(1).plan().grpcPort())) {
      socket.setSoTimeout(PATIENCE_S * 1000);
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      try {
        out.write(bytes);
        out.flush();
        in.transferTo(OutputStream.nullOutputStream());
      } catch (SocketTimeoutException e) {
        throw new AssertionError("expected the broker to close the connection, but it did not", e);
      } catch (IOException reset) {
        assertThat(reset).hasMessageMatching("(?i).*(reset|broken pipe|closed).*");
      }
    }
  }

  private static final class Answers implements StreamObserver<ProduceResponse> {
    private final BlockingQueue<ProduceResponse> received = new LinkedBlockingQueue<>();

    @Override
    public void onNext(ProduceResponse value) {
      received.add(value);
    }

    @Override
    public void onError(Throwable failure) {
      // A test that waits for an answer times out and says so.
    }

    @Override
    public void onCompleted() {
      // The client ends the stream, not the broker.
    }
  }
}
