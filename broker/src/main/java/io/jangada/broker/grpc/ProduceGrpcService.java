// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.InitProducerRequest;
import io.jangada.api.v1.InitProducerResponse;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.api.v1.ProduceServiceGrpc;
import io.jangada.broker.forward.Forwarder;
import io.jangada.broker.service.AppendService;
import io.jangada.broker.service.ProducerIdService;
import java.util.function.Supplier;

/** jangada.v1.ProduceService. */
public final class ProduceGrpcService implements BindableService {
  private static final int FIRST_PRODUCER_EPOCH = 0;

  private final AppendService appends;
  private final ProducerIdService producerIds;
  private final Forwarder forwarder;
  private final Supplier<ProduceLimits> limits;

  /** Serves appends and producer ids within the limits; passes on where a client asks for it. */
  public ProduceGrpcService(
      AppendService appends,
      ProducerIdService producerIds,
      Forwarder forwarder,
      Supplier<ProduceLimits> limits) {
    this.appends = appends;
    this.producerIds = producerIds;
    this.forwarder = forwarder;
    this.limits = limits;
  }

  @Override
  public ServerServiceDefinition bindService() {
    ServiceDescriptor generated = ProduceServiceGrpc.getServiceDescriptor();
    ServiceDescriptor descriptor =
        ServiceDescriptor.newBuilder(generated.getName())
            .setSchemaDescriptor(generated.getSchemaDescriptor())
            .addMethod(ProduceMethod.DESCRIPTOR)
            .addMethod(ProduceServiceGrpc.getInitProducerMethod())
            .build();
    return ServerServiceDefinition.builder(descriptor)
        .addMethod(ProduceMethod.DESCRIPTOR, ServerCalls.asyncBidiStreamingCall(this::produce))
        .addMethod(
            ProduceServiceGrpc.getInitProducerMethod(),
            ServerCalls.asyncUnaryCall(this::initProducer))
        .build();
  }

  private StreamObserver<ProduceRequest> produce(StreamObserver<ProduceResponse> responses) {
    return new ProduceStream(
        appends, forwarder, limits, (ServerCallStreamObserver<ProduceResponse>) responses);
  }

  private void initProducer(
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
