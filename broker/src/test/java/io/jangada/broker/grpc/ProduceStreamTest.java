// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.Acks;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.api.v1.ProduceServiceGrpc;
import io.jangada.api.v1.StructuredRecord;
import io.jangada.api.v1.StructuredRecords;
import io.jangada.api.v1.TopicRef;
import io.jangada.broker.service.AppendService;
import io.jangada.broker.service.NotLeaderException;
import io.jangada.broker.service.PartitionRef;
import io.jangada.broker.service.UnexpectedOffsetException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.Compression;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProduceStreamTest {
  private static final int MAX_BATCH_BYTES = 10_000;

  private final ScriptedAppends appends = new ScriptedAppends();
  private final Answers<ProduceResponse> answers = new Answers<>();
  private InProcessFrontDoor frontDoor;
  private StreamObserver<ProduceRequest> requests;

  @BeforeEach
  void open() throws Exception {
    frontDoor =
        new InProcessFrontDoor(
            new ProduceGrpcService(
                appends,
                () -> CompletableFuture.completedFuture(7L),
                NoPeers.forwarder(),
                () -> new ProduceLimits(100_000, MAX_BATCH_BYTES, Duration.ofSeconds(30))));
    requests = ProduceServiceGrpc.newStub(frontDoor.channel()).produce(answers);
  }

  @AfterEach
  void close() {
    frontDoor.close();
  }

  @Test
  void aConditionalAppendThatFailsSaysWhereTheLogEnds() throws Exception {
    requests.onNext(request(1, batchOf("a")).setExpectedOffset(5).build());
    ScriptedAppends.Call call = appends.next();
    assertThat(call.expectedOffset()).isEqualTo(5);
    call.done().completeExceptionally(new UnexpectedOffsetException(5, 9));
    ProduceResponse refused = answers.next();
    assertThat(refused.getError().getCode()).isEqualTo("UNEXPECTED_OFFSET");
    assertThat(refused.getError().getDefinite()).isTrue();
    assertThat(refused.getLogEndOffset()).isEqualTo(9);
    requests.onNext(request(2, batchOf("a")).setExpectedOffset(-1).build());
    assertThat(answers.next().getError().getCode()).isEqualTo("INVALID_REQUEST");
  }

  @Test
  void answersCarryTheCorrelationIdAndTheOffset() throws Exception {
    requests.onNext(request(5, batchOf("hello")).build());
    appends.next().done.complete(new AppendService.Appended(42, 3, -1));

    ProduceResponse answer = answers.next();
    assertThat(answer.getCorrelationId()).isEqualTo(5);
    assertThat(answer.getBaseOffset()).isEqualTo(42);
    assertThat(answer.getLogStartOffset()).isEqualTo(3);
    assertThat(answer.hasError()).isFalse();
  }

  @Test
  void structuredRecordsBecomeOneValidBatch() throws Exception {
    StructuredRecords records =
        StructuredRecords.newBuilder()
            .addRecords(StructuredRecord.newBuilder().setValue(ByteString.copyFromUtf8("a")))
            .addRecords(StructuredRecord.newBuilder().setKey(ByteString.copyFromUtf8("k")))
            .build();
    requests.onNext(request(1, ByteString.EMPTY).setRecords(records).build());

    RecordBatch batch = appends.next().batch;
    batch.validate();
    assertThat(batch.recordCount()).isEqualTo(2);
  }

  @Test
  void damagedBytesAreRefusedAndTheStreamLivesOn() throws Exception {
    requests.onNext(request(1, batchOf("hello").substring(1)).build());
    requests.onNext(request(2, ByteString.copyFromUtf8("garbage")).build());
    requests.onNext(request(3, batchOf("x").concat(batchOf("y"))).build());
    requests.onNext(request(4, batchOf("x".repeat(2 * MAX_BATCH_BYTES))).build());
    requests.onNext(ProduceRequest.newBuilder().setCorrelationId(5).build());
    requests.onNext(request(6, batchOf("good")).build());

    assertThat(answers.next().getError().getCode()).isEqualTo("CORRUPT_MESSAGE");
    assertThat(answers.next().getError().getCode()).isEqualTo("CORRUPT_MESSAGE");
    assertThat(answers.next().getError().getCode()).isEqualTo("CORRUPT_MESSAGE");
    assertThat(answers.next().getError().getCode()).isEqualTo("MESSAGE_TOO_LARGE");
    assertThat(answers.next().getError().getCode()).isEqualTo("INVALID_REQUEST");
    appends.next().done.complete(new AppendService.Appended(0, 0, -1));
    assertThat(answers.next().getCorrelationId()).isEqualTo(6);
  }

  @Test
  void aRefusalSaysWhetherItIsDefiniteAndWhoLeads() throws Exception {
    requests.onNext(request(1, batchOf("a")).build());
    requests.onNext(request(2, batchOf("b")).build());
    appends.next().done.completeExceptionally(new NotLeaderException("t-0", 1, 2, "b2:7400", 9));
    appends
        .next()
        .done
        .completeExceptionally(
            new JangadaException(
                ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, "expected 2 replicas"));

    ProduceResponse elsewhere = answers.next();
    assertThat(elsewhere.getError().getCode()).isEqualTo("NOT_LEADER");
    assertThat(elsewhere.getError().getDefinite()).isTrue();
    assertThat(elsewhere.getError().getLeader().getBrokerId()).isEqualTo(2);
    assertThat(elsewhere.getError().getLeader().getAddress()).isEqualTo("b2:7400");
    assertThat(answers.next().getError().getDefinite()).isFalse();
  }

  @Test
  void withoutAcksOnlyFailuresAreAnswered() throws Exception {
    requests.onNext(request(1, batchOf("a")).setAcks(Acks.ACKS_NONE).build());
    requests.onNext(request(2, batchOf("b")).setAcks(Acks.ACKS_NONE).build());
    appends.next().done.complete(new AppendService.Appended(0, 0, -1));
    appends
        .next()
        .done
        .completeExceptionally(new JangadaException(ErrorCode.OVERLOADED, "expected room"));

    assertThat(answers.next().getCorrelationId()).isEqualTo(2);
  }

  @Test
  void isReadNoFurtherWhileTooMuchIsUnanswered() throws Exception {
    int sent = 20;
    for (int i = 0; i < sent; i++) {
      requests.onNext(request(i, batchOf("x".repeat(9_500))).build());
    }
    // The eleventh exceeds the 100,000 bytes; nothing more may come before an answer.
    List<ScriptedAppends.Call> unanswered = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      unanswered.add(appends.next());
    }
    assertThat(appends.calls).isEmpty();

    unanswered.forEach(call -> call.done.complete(new AppendService.Appended(0, 0, -1)));
    for (int i = unanswered.size(); i < sent; i++) {
      appends.next().done.complete(new AppendService.Appended(0, 0, -1));
    }
    requests.onCompleted();
    answers.awaitCompleted();
  }

  @Test
  void theStreamEndsAfterTheLastAnswer() throws Exception {
    requests.onNext(request(1, batchOf("a")).build());
    requests.onCompleted();
    appends.next().done.complete(new AppendService.Appended(0, 0, -1));

    answers.awaitCompleted();
    assertThat(answers.next().getCorrelationId()).isEqualTo(1);
  }

  private static ProduceRequest.Builder request(long correlationId, ByteString batch) {
    return ProduceRequest.newBuilder()
        .setCorrelationId(correlationId)
        .setTopic(TopicRef.newBuilder().setName("t"))
        .setRecordBatch(batch);
  }

  private static ByteString batchOf(String value) {
    RecordBatchBuilder builder = new RecordBatchBuilder(1_000_000, Compression.NONE);
    builder.appendBytes(1, null, value.getBytes(StandardCharsets.UTF_8), List.of());
    return UnsafeByteOperations.unsafeWrap(builder.build().bytes());
  }

  /** Lets the test decide how each append ends. */
  private static final class ScriptedAppends implements AppendService {
    private final LinkedBlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    private record Call(RecordBatch batch, long expectedOffset, CompletableFuture<Appended> done) {}

    Call next() throws InterruptedException {
      Call call = calls.poll(10, TimeUnit.SECONDS);
      if (call == null) {
        throw new AssertionError("expected an append, but none came");
      }
      return call;
    }

    @Override
    public CompletableFuture<Appended> append(
        PartitionRef partition,
        RecordBatch batch,
        io.jangada.replication.core.Acks acks,
        long expectedOffset,
        Duration timeout) {
      Call call = new Call(batch, expectedOffset, new CompletableFuture<>());
      calls.add(call);
      return call.done;
    }

    @Override
    public long logStartOffset(PartitionRef partition) {
      return -1;
    }
  }
}
