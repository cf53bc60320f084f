// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.Acks;
import io.jangada.api.v1.Assign;
import io.jangada.api.v1.ConsumeRequest;
import io.jangada.api.v1.ConsumeResponse;
import io.jangada.api.v1.ConsumeServiceGrpc;
import io.jangada.api.v1.Credit;
import io.jangada.api.v1.ListOffsetsRequest;
import io.jangada.api.v1.OffsetPosition;
import io.jangada.api.v1.OffsetQuery;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.api.v1.ProduceServiceGrpc;
import io.jangada.api.v1.TopicRef;
import io.jangada.broker.forward.Forwarder;
import io.jangada.broker.forward.ForwardingMetrics;
import io.jangada.broker.service.AppendService;
import io.jangada.broker.service.FetchService;
import io.jangada.broker.service.NotLeaderException;
import io.jangada.broker.service.OffsetService;
import io.jangada.broker.service.PartitionRef;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.Compression;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that leads nothing, and one that leads everything. */
@Timeout(30)
class ForwardingTest {
  private static final int LEADER = 2;

  private final Log log = new Log();
  private final ExecutorService readers = Executors.newFixedThreadPool(2);
  private final CollectorRegistry metrics = new CollectorRegistry();
  private final Forwarder forwarder =
      new Forwarder(this::channelTo, new ForwardingMetrics(metrics));
  private final Answers<ProduceResponse> produced = new Answers<>();
  private final Answers<ConsumeResponse> consumed = new Answers<>();
  private InProcessFrontDoor leaderProduce;
  private InProcessFrontDoor leaderConsume;
  private InProcessFrontDoor produce;
  private InProcessFrontDoor consume;

  private Optional<Channel> channelTo(int broker) {
    return broker == LEADER
        ? Optional.of(new ByService(leaderProduce.channel(), leaderConsume.channel()))
        : Optional.empty();
  }

  @BeforeEach
  void open() throws IOException {
    ProduceLimits produceLimits = new ProduceLimits(1_000_000, 100_000, Duration.ofSeconds(1));
    ConsumeLimits consumeLimits = new ConsumeLimits(10, 100_000);
    Elsewhere elsewhere = new Elsewhere();
    leaderProduce =
        new InProcessFrontDoor(
            new ProduceGrpcService(
                log,
                () -> CompletableFuture.completedFuture(7L),
                NoPeers.forwarder(),
                () -> produceLimits));
    leaderConsume =
        new InProcessFrontDoor(
            new ConsumeGrpcService(log, log, NoPeers.forwarder(), consumeLimits, readers));
    produce =
        new InProcessFrontDoor(
            new ProduceGrpcService(
                elsewhere,
                () -> CompletableFuture.completedFuture(7L),
                forwarder,
                () -> produceLimits));
    consume =
        new InProcessFrontDoor(
            new ConsumeGrpcService(elsewhere, elsewhere, forwarder, consumeLimits, readers));
  }

  @AfterEach
  void close() {
    List.of(produce, consume, leaderProduce, leaderConsume).forEach(InProcessFrontDoor::close);
    readers.shutdownNow();
  }

  @Test
  void appendsReachTheLeaderInOrderAndAnswersTheClient() throws Exception {
    StreamObserver<ProduceRequest> requests =
        ProduceServiceGrpc.newStub(produce.channel()).produce(produced);
    for (int i = 0; i < 50; i++) {
      requests.onNext(append(1000 + i, "v" + i).setForward(true).build());
    }
    for (int i = 0; i < 50; i++) {
      ProduceResponse answer = produced.next();
      assertThat(answer.getCorrelationId()).isEqualTo(1000 + i);
      assertThat(answer.getBaseOffset()).isEqualTo(i);
    }
    requests.onCompleted();
    produced.awaitCompleted();
    assertThat(metrics.getSampleValue("jangada_forward_in_flight_bytes")).isZero();
  }

  @Test
  void withoutTheFlagTheClientHearsWhoLeads() throws Exception {
    ProduceServiceGrpc.newStub(produce.channel()).produce(produced).onNext(append(1, "a").build());
    assertThat(produced.next().getError().getLeader().getBrokerId()).isEqualTo(LEADER);
    StreamObserver<ConsumeRequest> requests =
        ConsumeServiceGrpc.newStub(consume.channel()).consume(consumed);
    requests.onNext(credit(1000));
    requests.onNext(assign(1, 0, false));
    assertThat(consumed.next().getError().getCode()).isEqualTo("NOT_LEADER");
  }

  @Test
  void theLeadersRefusalIsPassedBackAndNothingGoesInCircles() throws Exception {
    log.refusal = new NotLeaderException("t-0", LEADER, 3, "b3:7400", 9);
    ProduceServiceGrpc.newStub(produce.channel())
        .produce(produced)
        .onNext(append(1, "a").setForward(true).build());
    ProduceResponse refused = produced.next();
    assertThat(refused.getError().getCode()).isEqualTo("NOT_LEADER");
    assertThat(refused.getError().getDefinite()).isTrue();
    assertThat(refused.getError().getLeader().getBrokerId()).isEqualTo(3);
  }

  @Test
  void whatALeaderMayHaveWrittenIsInDoubt() throws Exception {
    StreamObserver<ProduceRequest> requests =
        ProduceServiceGrpc.newStub(produce.channel()).produce(produced);
    log.silent = true;
    requests.onNext(append(1, "a").setForward(true).setTimeoutMs(50).build());
    ProduceResponse late = produced.next();
    assertThat(late.getError().getCode()).isEqualTo("REQUEST_TIMED_OUT");
    assertThat(late.getError().getDefinite()).isFalse();

    requests.onNext(append(2, "b").setForward(true).build());
    log.awaitAppends(2);
    leaderProduce.close();
    ProduceResponse lost = produced.next();
    assertThat(lost.getError().getCode()).isEqualTo("NETWORK_ERROR");
    assertThat(lost.getError().getDefinite()).isFalse();

    requests.onNext(append(3, "c").setForward(true).build());
    ProduceResponse unreachable = produced.next();
    assertThat(unreachable.getError().getDefinite()).as("never sent").isTrue();
    assertThat(unreachable.getError().getRetriable()).isTrue();
    assertThat(
            metrics.getSampleValue(
                "jangada_forward_failures_total",
                new String[] {"kind", "code"},
                new String[] {"produce", "NETWORK_ERROR"}))
        .isEqualTo(1);
  }

  @Test
  void aRequestWithoutAcknowledgementIsPassedOnToo() throws Exception {
    StreamObserver<ProduceRequest> requests =
        ProduceServiceGrpc.newStub(produce.channel()).produce(produced);
    requests.onNext(append(1, "a").setAcks(Acks.ACKS_NONE).setForward(true).build());
    log.awaitAppends(1);
    requests.onCompleted();
    produced.awaitCompleted();
    assertThat(produced.isEmpty()).isTrue();
  }

  @Test
  void readingGoesOnAtTheEndOfTheLogAndWithinTheCredit() throws Exception {
    log.fill(3);
    StreamObserver<ConsumeRequest> requests =
        ConsumeServiceGrpc.newStub(consume.channel()).consume(consumed);
    requests.onNext(assign(1, 1, true));
    requests.onNext(credit(1));
    assertThat(offsets(consumed.next())).containsExactly(1L);
    requests.onNext(credit(log.batchBytes()));
    assertThat(offsets(consumed.next())).containsExactly(2L);
    requests.onNext(credit(10_000));
    log.fill(2);
    List<Long> rest = new ArrayList<>();
    while (rest.size() < 2) {
      rest.addAll(offsets(consumed.next()));
    }
    assertThat(rest).containsExactly(3L, 4L);
    requests.onCompleted();
    consumed.awaitCompleted();
  }

  @Test
  void aLeaderThatLeavesEndsTheAssignment() throws Exception {
    StreamObserver<ConsumeRequest> requests =
        ConsumeServiceGrpc.newStub(consume.channel()).consume(consumed);
    requests.onNext(credit(10_000));
    requests.onNext(assign(1, 0, true));
    requests.onNext(assign(2, 99, true));
    ConsumeResponse out = consumed.next();
    assertThat(out.getAssignmentId()).isEqualTo(2);
    assertThat(out.getError().getCode()).isEqualTo("OFFSET_OUT_OF_RANGE");
    log.fill(1);
    assertThat(offsets(consumed.next())).containsExactly(0L);
    leaderConsume.close();
    ConsumeResponse over = consumed.next();
    assertThat(over.getAssignmentId()).isEqualTo(1);
    assertThat(over.getError().getRetriable()).isTrue();
  }

  @Test
  void offsetsAreAskedAtTheLeader() {
    log.fill(4);
    ListOffsetsRequest.Builder request =
        ListOffsetsRequest.newBuilder()
            .addQueries(
                OffsetQuery.newBuilder()
                    .setTopic(TopicRef.newBuilder().setName("t"))
                    .setPosition(OffsetPosition.OFFSET_POSITION_END));
    ConsumeServiceGrpc.ConsumeServiceBlockingStub stub =
        ConsumeServiceGrpc.newBlockingStub(consume.channel());
    assertThat(stub.listOffsets(request.setForward(true).build()).getResults(0).getOffset())
        .isEqualTo(4);
    assertThat(
            stub.listOffsets(request.setForward(false).build()).getResults(0).getError().getCode())
        .isEqualTo("NOT_LEADER");
  }

  private static List<Long> offsets(ConsumeResponse response) {
    assertThat(response.hasError()).as("%s", response.getError()).isFalse();
    List<Long> offsets = new ArrayList<>();
    for (RecordBatch batch :
        io.jangada.record.RecordBatches.in(response.getRecordBatches().asReadOnlyByteBuffer())) {
      offsets.add(batch.baseOffset());
    }
    return offsets;
  }

  private static ProduceRequest.Builder append(long correlationId, String value) {
    return ProduceRequest.newBuilder()
        .setCorrelationId(correlationId)
        .setTopic(TopicRef.newBuilder().setName("t"))
        .setRecordBatch(UnsafeByteOperations.unsafeWrap(batch(value).bytes()));
  }

  private static RecordBatch batch(String value) {
    RecordBatchBuilder builder = new RecordBatchBuilder(100_000, Compression.NONE);
    builder.appendBytes(1, null, value.getBytes(StandardCharsets.UTF_8), List.of());
    return builder.build();
  }

  private static ConsumeRequest assign(long id, long offset, boolean forward) {
    return ConsumeRequest.newBuilder()
        .setAssign(
            Assign.newBuilder()
                .setAssignmentId(id)
                .setTopic(TopicRef.newBuilder().setName("t"))
                .setOffset(offset)
                .setLeaderEpoch(FetchService.ANY_EPOCH)
                .setForward(forward))
        .build();
  }

  private static ConsumeRequest credit(long bytes) {
    return ConsumeRequest.newBuilder().setCredit(Credit.newBuilder().setBytes(bytes)).build();
  }

  /** Two in-process servers as one broker. */
  private static final class ByService extends Channel {
    private final Channel produce;
    private final Channel consume;

    ByService(Channel produce, Channel consume) {
      this.produce = produce;
      this.consume = consume;
    }

    @Override
    public <Q, A> io.grpc.ClientCall<Q, A> newCall(
        io.grpc.MethodDescriptor<Q, A> method, io.grpc.CallOptions options) {
      boolean produces = ProduceServiceGrpc.SERVICE_NAME.equals(method.getServiceName());
      return (produces ? produce : consume).newCall(method, options);
    }

    @Override
    public String authority() {
      return produce.authority();
    }
  }

  /** Whatever is asked, broker 2 leads it. */
  private static final class Elsewhere implements AppendService, FetchService, OffsetService {
    private static JangadaException refusal() {
      return new NotLeaderException("t-0", 1, LEADER, "b2:7400", 5);
    }

    @Override
    public long logStartOffset(PartitionRef partition) {
      return -1;
    }

    @Override
    public CompletableFuture<Appended> append(
        PartitionRef partition,
        RecordBatch batch,
        io.jangada.replication.core.Acks acks,
        long expectedOffset,
        Duration timeout) {
      return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public CompletableFuture<Fetched> fetch(
        PartitionRef partition, long offset, int leaderEpoch, int maxBytes) {
      return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public CompletableFuture<Fetched> fetchHere(
        PartitionRef partition, long offset, int leaderEpoch, int maxBytes) {
      return fetch(partition, offset, leaderEpoch, maxBytes);
    }

    @Override
    public Parked parkHere(PartitionRef partition, long offset, Runnable wake) {
      return park(partition, offset, wake);
    }

    @Override
    public Parked park(PartitionRef partition, long offset, Runnable wake) {
      throw refusal();
    }

    @Override
    public CompletableFuture<ListedOffset> newest(PartitionRef partition, int leaderEpoch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<ListedOffset> beginningHere(PartitionRef partition, int leaderEpoch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<ListedOffset> endHere(PartitionRef partition, int leaderEpoch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<EpochEnd> endOfEpoch(
        PartitionRef partition, int leaderEpoch, int epoch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Fetched look(PartitionRef partition, long offset, int leaderEpoch, boolean anyReplica) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<ListedOffset> beginning(PartitionRef partition, int leaderEpoch) {
      return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public CompletableFuture<ListedOffset> end(PartitionRef partition, int leaderEpoch) {
      return CompletableFuture.failedFuture(refusal());
    }

    @Override
    public CompletableFuture<ListedOffset> atTimestamp(
        PartitionRef partition, long timestampMs, int leaderEpoch) {
      return CompletableFuture.failedFuture(refusal());
    }
  }

  /** A log of batches of one record. */
  private static final class Log implements AppendService, FetchService, OffsetService {
    private final List<ByteBuffer> batches = new ArrayList<>();
    private final List<Runnable> parked = new ArrayList<>();
    private int appends;
    private volatile JangadaException refusal;
    private volatile boolean silent;

    @Override
    public synchronized CompletableFuture<Appended> append(
        PartitionRef partition,
        RecordBatch batch,
        io.jangada.replication.core.Acks acks,
        long expectedOffset,
        Duration timeout) {
      appends++;
      notifyAll();
      if (refusal != null) {
        return CompletableFuture.failedFuture(refusal);
      }
      if (silent) {
        return new CompletableFuture<>();
      }
      return CompletableFuture.completedFuture(new Appended(appends - 1, 0, -1));
    }

    @Override
    public long logStartOffset(PartitionRef partition) {
      return -1;
    }

    synchronized void awaitAppends(int count) throws InterruptedException {
      while (appends < count) {
        wait();
      }
    }

    synchronized void fill(int count) {
      for (int i = 0; i < count; i++) {
        ByteBuffer bytes = batch("x").bytes();
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        copy.put(bytes).flip();
        batches.add(copy.putLong(0, batches.size()));
      }
      parked.forEach(Runnable::run);
      parked.clear();
    }

    int batchBytes() {
      return batch("x").sizeInBytes();
    }

    @Override
    public synchronized CompletableFuture<Fetched> fetch(
        PartitionRef partition, long offset, int leaderEpoch, int maxBytes) {
      if (offset > batches.size()) {
        return CompletableFuture.failedFuture(
            new JangadaException(ErrorCode.OFFSET_OUT_OF_RANGE, "expected less"));
      }
      if (offset == batches.size()) {
        return CompletableFuture.completedFuture(
            new Fetched(List.of(), 0, offset, 1, batches.size(), 0));
      }
      ByteBuffer found = batches.get((int) offset).duplicate();
      return CompletableFuture.completedFuture(
          new Fetched(List.of(found), found.remaining(), offset + 1, 1, batches.size(), 0));
    }

    @Override
    public CompletableFuture<Fetched> fetchHere(
        PartitionRef partition, long offset, int leaderEpoch, int maxBytes) {
      return fetch(partition, offset, leaderEpoch, maxBytes);
    }

    @Override
    public Parked parkHere(PartitionRef partition, long offset, Runnable wake) {
      return park(partition, offset, wake);
    }

    @Override
    public synchronized Parked park(PartitionRef partition, long offset, Runnable wake) {
      if (offset < batches.size()) {
        wake.run();
      } else {
        parked.add(wake);
      }
      return () -> {};
    }

    @Override
    public CompletableFuture<ListedOffset> newest(PartitionRef partition, int leaderEpoch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<ListedOffset> beginningHere(PartitionRef partition, int leaderEpoch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<ListedOffset> endHere(PartitionRef partition, int leaderEpoch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<EpochEnd> endOfEpoch(
        PartitionRef partition, int leaderEpoch, int epoch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Fetched look(PartitionRef partition, long offset, int leaderEpoch, boolean anyReplica) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<ListedOffset> beginning(PartitionRef partition, int leaderEpoch) {
      return CompletableFuture.completedFuture(new ListedOffset(0, -1, 1));
    }

    @Override
    public synchronized CompletableFuture<ListedOffset> end(
        PartitionRef partition, int leaderEpoch) {
      return CompletableFuture.completedFuture(new ListedOffset(batches.size(), -1, 1));
    }

    @Override
    public CompletableFuture<ListedOffset> atTimestamp(
        PartitionRef partition, long timestampMs, int leaderEpoch) {
      return CompletableFuture.completedFuture(new ListedOffset(-1, -1, 1));
    }
  }
}
