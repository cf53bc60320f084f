// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.InitProducerRequest;
import io.jangada.api.v1.InitProducerResponse;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.api.v1.ProduceServiceGrpc;
import io.jangada.broker.service.AppendService;
import io.jangada.broker.service.ProducerIdService;

/** jangada.v1.ProduceService. */
public final class ProduceGrpcService extends ProduceServiceGrpc.ProduceServiceImplBase {
  private static final int FIRST_PRODUCER_EPOCH = 0;

  private final AppendService appends;
  private final ProducerIdService producerIds;
  private final ProduceLimits limits;

  /** Serves appends and producer ids within the limits. */
  public ProduceGrpcService(
      AppendService appends, ProducerIdService producerIds, ProduceLimits limits) {
    this.appends = appends;
    this.producerIds = producerIds;
    this.limits = limits;
  }

  @Override
  public StreamObserver<ProduceRequest> produce(StreamObserver<ProduceResponse> responses) {
    return new ProduceStream(
        appends, limits, (ServerCallStreamObserver<ProduceResponse>) responses);
  }

  @Override
  public void initProducer(
      InitProducerRequest request, StreamObserver<InitProducerResponse> responses) {
    var unused =
        producerIds
            .nextProducerId()
            .handle(
                (id, failure) -> {
                  InitProducerResponse.Builder answer = InitProducerResponse.newBuilder();
                  if (failure == null) {
                    answer.setProducerId(id).setProducerEpoch(FIRST_PRODUCER_EPOCH);
                  } else {
                    answer.setError(Failures.toError(failure));
                  }
                  responses.onNext(answer.build());
                  responses.onCompleted();
                  return null;
                });
  }
}
