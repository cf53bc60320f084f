// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.fake;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.Acks;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.InitProducerRequest;
import io.jangada.api.v1.InitProducerResponse;
import io.jangada.api.v1.LeaderHint;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.api.v1.ProduceServiceGrpc;
import io.jangada.client.UnexpectedOffsetException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.wire.WireErrors;
import java.util.concurrent.atomic.AtomicLong;

/** Appends, unless the script says otherwise. */
final class FakeProduce extends ProduceServiceGrpc.ProduceServiceImplBase {
  private static final AtomicLong NEXT_PRODUCER_ID = new AtomicLong(1000);

  private final FakeBroker broker;
  private final FakeCluster cluster;

  FakeProduce(FakeBroker broker, FakeCluster cluster) {
    this.broker = broker;
    this.cluster = cluster;
  }

  @Override
  public void initProducer(InitProducerRequest request, StreamObserver<InitProducerResponse> out) {
    if (!broker.frozen) {
      out.onNext(
          InitProducerResponse.newBuilder()
              .setProducerId(NEXT_PRODUCER_ID.incrementAndGet())
              .build());
      out.onCompleted();
    }
  }

  @Override
  public StreamObserver<ProduceRequest> produce(StreamObserver<ProduceResponse> out) {
    return new Stream(out);
  }

  /** One client's stream. */
  private final class Stream implements StreamObserver<ProduceRequest> {
    private final StreamObserver<ProduceResponse> out;
    private boolean over;

    Stream(StreamObserver<ProduceResponse> out) {
      this.out = out;
    }

    @Override
    public void onNext(ProduceRequest request) {
      synchronized (cluster) {
        if (!over && !broker.frozen) {
          handle(request);
        }
      }
      cluster.pumpAll();
    }

    private void handle(ProduceRequest request) {
      ProduceResponse.Builder response =
          ProduceResponse.newBuilder()
              .setCorrelationId(request.getCorrelationId())
              .setLogAppendTimeMs(-1);
      try {
        FakePartition partition = cluster.partition(request.getTopic(), request.getPartition());
        if (!cluster.leads(broker, partition, request.getForward())) {
          JangadaException e = new JangadaException(ErrorCode.NOT_LEADER, "expected the leader");
          LeaderHint hint = cluster.hint(partition);
          Error error = hint == null ? WireErrors.toWire(e) : WireErrors.toWire(e, hint);
          out.onNext(response.setError(error).build());
          return;
        }
        Behaviour behaviour = partition.script.poll();
        carryOut(behaviour == null ? Behaviour.honest() : behaviour, partition, request, response);
      } catch (UnexpectedOffsetException e) {
        out.onNext(
            response.setError(WireErrors.toWire(e)).setLogEndOffset(e.logEndOffset()).build());
      } catch (JangadaException e) {
        out.onNext(response.setError(WireErrors.toWire(e)).build());
      }
    }

    private void carryOut(
        Behaviour behaviour,
        FakePartition partition,
        ProduceRequest request,
        ProduceResponse.Builder response) {
      long offset =
          behaviour.appends()
              ? partition.append(
                  request.getRecordBatch().asReadOnlyByteBuffer(),
                  request.hasExpectedOffset() ? request.getExpectedOffset() : -1)
              : -1;
      switch (behaviour.answer()) {
        case OFFSET -> {
          if (request.getAcks() != Acks.ACKS_NONE) {
            out.onNext(response.setBaseOffset(offset).build());
          }
        }
        case OFFSET_TWICE -> {
          out.onNext(response.setBaseOffset(offset).build());
          out.onNext(response.build());
          out.onNext(response.setCorrelationId(1L << 40).build());
        }
        case ERROR ->
            out.onNext(
                response
                    .setError(
                        WireErrors.toWire(
                            new JangadaException(behaviour.code(), "expected otherwise")))
                    .build());
        case NOTHING -> {}
        case NONSENSE -> out.onNext(response.setBaseOffset(-7).build());
        case BROKEN_STREAM -> {
          over = true;
          out.onError(Status.UNAVAILABLE.withDescription("broken").asRuntimeException());
        }
      }
    }

    @Override
    public void onError(Throwable t) {
      over = true;
    }

    @Override
    public void onCompleted() {
      synchronized (cluster) {
        if (!over && !broker.frozen) {
          out.onCompleted();
        }
      }
    }
  }
}
