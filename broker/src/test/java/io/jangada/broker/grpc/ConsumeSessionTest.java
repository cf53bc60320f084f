// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.Assign;
import io.jangada.api.v1.ConsumeRequest;
import io.jangada.api.v1.ConsumeResponse;
import io.jangada.api.v1.ConsumeServiceGrpc;
import io.jangada.api.v1.ConsumedRecord;
import io.jangada.api.v1.Credit;
import io.jangada.api.v1.ListOffsetsRequest;
import io.jangada.api.v1.OffsetPosition;
import io.jangada.api.v1.OffsetQuery;
import io.jangada.api.v1.RecordForm;
import io.jangada.api.v1.TopicRef;
import io.jangada.api.v1.Unassign;
import io.jangada.broker.service.FetchService;
import io.jangada.broker.service.OffsetService;
import io.jangada.broker.service.PartitionRef;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.Compression;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import io.jangada.record.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsumeSessionTest {
  private static final int BATCH_BYTES = 100;

  private final CountingLog log = new CountingLog();
  private final Answers<ConsumeResponse> answers = new Answers<>();
  private final ExecutorService readers = Executors.newFixedThreadPool(2);
  private InProcessFrontDoor frontDoor;
  private StreamObserver<ConsumeRequest> requests;

  @BeforeEach
  void open() throws Exception {
    frontDoor =
        new InProcessFrontDoor(
            new ConsumeGrpcService(
                log, log, NoPeers.forwarder(), new ConsumeLimits(2, 10 * BATCH_BYTES), readers));
    requests = ConsumeServiceGrpc.newStub(frontDoor.channel()).consume(answers);
  }

  @AfterEach
  void close() {
    frontDoor.close();
    readers.shutdownNow();
  }

  @Test
  void sendsNothingWithoutCreditAndNoMoreThanIt() throws Exception {
    log.advanceTo(10);
    requests.onNext(assign(1, 0));
    requests.onNext(credit(2 * BATCH_BYTES));
    assertThat(answers.next().getRecordBatches().size()).isEqualTo(2 * BATCH_BYTES);

    requests.onNext(credit(BATCH_BYTES));
    ConsumeResponse next = answers.next();
    assertThat(next.getRecordBatches().size()).isEqualTo(BATCH_BYTES);
    assertThat(next.getHighWatermark()).isEqualTo(10);
    assertThat(answers.isEmpty()).isTrue();
  }

  @Test
  void parksAtTheEndAndGoesOnWhenTheHighWatermarkMoves() throws Exception {
    requests.onNext(credit(1_000_000));
    requests.onNext(assign(1, 0));
    log.awaitParked();
    log.advanceTo(1);
    assertThat(answers.next().getRecordBatches().size()).isEqualTo(BATCH_BYTES);
    log.awaitParked();
    log.advanceTo(3);
    assertThat(answers.next().getRecordBatches().size()).isEqualTo(2 * BATCH_BYTES);
  }

  @Test
  void anErrorEndsTheAssignmentAndNotTheStream() throws Exception {
    log.advanceTo(1);
    requests.onNext(credit(1_000_000));
    requests.onNext(assign(1, 99));
    ConsumeResponse refused = answers.next();
    assertThat(refused.getAssignmentId()).isEqualTo(1);
    assertThat(refused.getError().getCode()).isEqualTo("OFFSET_OUT_OF_RANGE");

    requests.onNext(assign(2, 0));
    assertThat(answers.next().getAssignmentId()).isEqualTo(2);
  }

  @Test
  void recordsComeOneByOneToWhoCannotDecodeBatches() throws Exception {
    RecordBatchBuilder batch = new RecordBatchBuilder(10_000_000, Compression.ZSTD);
    String value = "v".repeat(1_100_000);
    for (int i = 0; i < 4; i++) {
      batch.appendBytes(
          100 + i,
          i == 1 ? null : new byte[] {(byte) i},
          i == 2 ? null : value.getBytes(StandardCharsets.UTF_8),
          List.of(RecordHeader.ofUtf8("h", "x"), new RecordHeader("n", null)));
    }
    RecordBatch built = batch.build();
    built.assign(0, 1);
    log.hold(built.bytes(), 4);
    requests.onNext(credit(10_000_000));
    requests.onNext(structured(1, 1));

    ConsumeResponse first = answers.next();
    assertThat(first.getRecordBatches().isEmpty()).isTrue();
    assertThat(first.getHighWatermark()).isEqualTo(4);
    ConsumeResponse second = answers.next();
    List<ConsumedRecord> records = new ArrayList<>(first.getRecordsList());
    assertThat(first.getSerializedSize()).isLessThan(2_000_000);
    records.addAll(second.getRecordsList());
    assertThat(records).extracting(ConsumedRecord::getOffset).containsExactly(1L, 2L, 3L);
    assertThat(records.get(0).hasKey()).isFalse();
    assertThat(records.get(0).getValue().toStringUtf8()).isEqualTo(value);
    assertThat(records.get(0).getTimestampMs()).isEqualTo(101);
    assertThat(records.get(0).getHeaders(0).getValue().toStringUtf8()).isEqualTo("x");
    assertThat(records.get(0).getHeaders(1).hasValue()).isFalse();
    assertThat(records.get(1).hasValue()).isFalse();
  }

  @Test
  void aBatchThatCannotBeTakenApartIsATypedErrorAndEndsTheAssignment() throws Exception {
    RecordBatchBuilder batch = new RecordBatchBuilder(10_000, Compression.ZSTD);
    batch.appendBytes(1, null, new byte[5_000], List.of());
    RecordBatch built = batch.build();
    ByteBuffer damaged = ByteBuffer.allocate(built.sizeInBytes()).put(built.bytes()).flip();
    damaged.put(damaged.limit() - 10, (byte) ~damaged.get(damaged.limit() - 10));
    damaged.put(RecordBatch.HEADER_BYTES, (byte) ~damaged.get(RecordBatch.HEADER_BYTES));
    log.hold(damaged, 1);
    requests.onNext(credit(10_000_000));
    requests.onNext(structured(1, 0));
    assertThat(answers.next().getError().getCode()).isEqualTo("CORRUPT_MESSAGE");
    requests.onNext(assign(2, 0));
    assertThat(answers.next().getRecordBatches().size()).isEqualTo(damaged.limit());
  }

  private static ConsumeRequest structured(long id, long offset) {
    return ConsumeRequest.newBuilder()
        .setAssign(
            Assign.newBuilder()
                .setAssignmentId(id)
                .setTopic(TopicRef.newBuilder().setName("t"))
                .setOffset(offset)
                .setLeaderEpoch(-1)
                .setForm(RecordForm.RECORD_FORM_STRUCTURED))
        .build();
  }

  @Test
  void losingThePartitionIsToldToAParkedReader() throws Exception {
    requests.onNext(credit(1_000_000));
    requests.onNext(assign(1, 0));
    log.awaitParked();
    log.loseLeadership();
    assertThat(answers.next().getError().getCode()).isEqualTo("NOT_LEADER");
  }

  @Test
  void tooManyAssignmentsAreRefused() throws Exception {
    requests.onNext(credit(1));
    requests.onNext(assign(1, 0));
    requests.onNext(assign(2, 0));
    requests.onNext(assign(3, 0));
    ConsumeResponse refused = answers.next();
    assertThat(refused.getAssignmentId()).isEqualTo(3);
    assertThat(refused.getError().getCode()).isEqualTo("OVERLOADED");
  }

  @Test
  void aClientThatVanishesLeavesNothingParked() throws Exception {
    requests.onNext(credit(1_000_000));
    requests.onNext(assign(1, 0));
    log.awaitParked();
    frontDoor.close();
    log.awaitUnparked();
  }

  @Test
  void anUnassignedPartitionIsReadNoMore() throws Exception {
    requests.onNext(credit(1_000_000));
    requests.onNext(assign(1, 0));
    log.awaitParked();
    requests.onNext(
        ConsumeRequest.newBuilder().setUnassign(Unassign.newBuilder().setAssignmentId(1)).build());
    log.awaitUnparked();
    requests.onCompleted();
    answers.awaitCompleted();
    assertThat(answers.isEmpty()).isTrue();
  }

  @Test
  void listsOffsetsAndRefusesAQueryWithoutAPosition() {
    log.advanceTo(5);
    var results =
        ConsumeServiceGrpc.newBlockingStub(frontDoor.channel())
            .listOffsets(
                ListOffsetsRequest.newBuilder()
                    .addQueries(query().setPosition(OffsetPosition.OFFSET_POSITION_END))
                    .addQueries(query().setTimestampMs(77))
                    .addQueries(query())
                    .build())
            .getResultsList();
    assertThat(results.get(0).getOffset()).isEqualTo(5);
    assertThat(results.get(1).getOffset()).isEqualTo(-1);
    assertThat(results.get(2).getError().getCode()).isEqualTo("INVALID_REQUEST");
  }

  private static OffsetQuery.Builder query() {
    return OffsetQuery.newBuilder().setTopic(TopicRef.newBuilder().setName("t"));
  }

  private static ConsumeRequest assign(long id, long offset) {
    return ConsumeRequest.newBuilder()
        .setAssign(
            Assign.newBuilder()
                .setAssignmentId(id)
                .setTopic(TopicRef.newBuilder().setName("t"))
                .setOffset(offset)
                .setLeaderEpoch(FetchService.ANY_EPOCH))
        .build();
  }

  private static ConsumeRequest credit(long bytes) {
    return ConsumeRequest.newBuilder().setCredit(Credit.newBuilder().setBytes(bytes)).build();
  }

  /** A partition whose batches hold one record and {@link #BATCH_BYTES} each. */
  private static final class CountingLog implements FetchService, OffsetService {
    private static final long PATIENCE_NS = 10_000_000_000L;

    private long highWatermark;
    private boolean leading = true;
    private Runnable parked;
    private ByteBuffer held;

    /** One batch instead of zeros. */
    synchronized void hold(ByteBuffer batch, long newHighWatermark) {
      held = batch;
      highWatermark = newHighWatermark;
    }

    @Override
    public synchronized CompletableFuture<Fetched> fetch(
        PartitionRef partition, long offset, int leaderEpoch, int maxBytes) {
      if (!leading) {
        return CompletableFuture.failedFuture(notLeading());
      }
      if (offset > highWatermark) {
        return CompletableFuture.failedFuture(
            new JangadaException(ErrorCode.OFFSET_OUT_OF_RANGE, "expected less, but " + offset));
      }
      if (held != null) {
        boolean read = offset >= highWatermark;
        return CompletableFuture.completedFuture(
            new Fetched(
                read ? List.of() : List.of(held.duplicate()),
                read ? 0 : held.remaining(),
                highWatermark,
                1,
                highWatermark,
                0));
      }
      int batches = (int) Math.min(highWatermark - offset, Math.max(1, maxBytes / BATCH_BYTES));
      List<ByteBuffer> found =
          batches == 0 ? List.of() : List.of(ByteBuffer.allocate(batches * BATCH_BYTES));
      return CompletableFuture.completedFuture(
          new Fetched(found, batches * BATCH_BYTES, offset + batches, 1, highWatermark, 0));
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
      if (!leading) {
        throw notLeading();
      }
      if (offset < highWatermark) {
        wake.run();
        return () -> {};
      }
      parked = wake;
      notifyAll();
      return this::unpark;
    }

    synchronized void advanceTo(long newHighWatermark) {
      highWatermark = newHighWatermark;
      fire();
    }

    synchronized void loseLeadership() {
      leading = false;
      fire();
    }

    synchronized void awaitParked() throws InterruptedException {
      await(true);
    }

    synchronized void awaitUnparked() throws InterruptedException {
      await(false);
    }

    private void await(boolean wanted) throws InterruptedException {
      long deadline = System.nanoTime() + PATIENCE_NS;
      while ((parked != null) != wanted) {
        long leftMs = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0) {
          throw new AssertionError("expected a reader to be parked: " + wanted);
        }
        wait(leftMs);
      }
    }

    private synchronized void unpark() {
      parked = null;
      notifyAll();
    }

    private void fire() {
      Runnable wake = parked;
      unpark();
      if (wake != null) {
        wake.run();
      }
    }

    private static JangadaException notLeading() {
      return new JangadaException(ErrorCode.NOT_LEADER, "expected the leader, but it moved");
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
      return CompletableFuture.completedFuture(new ListedOffset(highWatermark, -1, 1));
    }

    @Override
    public CompletableFuture<ListedOffset> atTimestamp(
        PartitionRef partition, long timestampMs, int leaderEpoch) {
      return CompletableFuture.completedFuture(new ListedOffset(-1, -1, -1));
    }
  }
}
