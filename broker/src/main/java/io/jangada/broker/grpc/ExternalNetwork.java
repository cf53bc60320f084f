// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.ForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.jangada.api.v1.BrokerInfo;
import io.jangada.api.v1.CommitOffsetsResponse;
import io.jangada.api.v1.ConsumeResponse;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.FetchOffsetsResponse;
import io.jangada.api.v1.GroupHeartbeatResponse;
import io.jangada.api.v1.LeaderHint;
import io.jangada.api.v1.ListBrokersResponse;
import io.jangada.api.v1.ListOffsetsResponse;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.api.v1.OffsetResult;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.metadata.command.BrokerRegistration;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The external listener. Whoever calls there is in another network, and reaches brokers at their
 * external addresses: every address in an answer is exchanged for the external one. What brokers
 * say to each other is refused there. A broker without an external listener keeps its only address.
 */
final class ExternalNetwork implements ServerInterceptor {
  private static final String PUBLIC_PACKAGE = "jangada.v1.";
  private static final String INTERNAL_PACKAGE = "jangada.internal.";

  private final int externalPort;
  private final ClusterMetadata metadata;

  ExternalNetwork(int externalPort, ClusterMetadata metadata) {
    this.externalPort = externalPort;
    this.metadata = metadata;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!(call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR)
            instanceof InetSocketAddress local)
        || local.getPort() != externalPort) {
      return next.startCall(call, headers);
    }
    String method = call.getMethodDescriptor().getFullMethodName();
    if (method.startsWith(INTERNAL_PACKAGE)) {
      call.close(
          Status.PERMISSION_DENIED.withDescription(
              "expected a client's call on the external listener, but "
                  + method
                  + " is for"
                  + " brokers; they use listeners.grpc-port"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    return method.startsWith(PUBLIC_PACKAGE)
        ? next.startCall(new Translating<>(call), headers)
        : next.startCall(call, headers);
  }

  private final class Translating<Q, A>
      extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
    Translating(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public void sendMessage(A message) {
      super.sendMessage(translated(message));
    }
  }

  /** A message of the same type: generated ones are translated to themselves. */
  @SuppressWarnings("unchecked") // Every branch answers what it was given, or a copy of its type.
  private <A> A translated(A message) {
    return switch (message) {
      case MetadataSnapshot snapshot -> (A) translate(snapshot);
      case ListBrokersResponse brokers -> (A) translate(brokers);
      case ListOffsetsResponse offsets -> (A) translate(offsets);
      case ProduceResponse response ->
          response.hasError()
              ? (A) response.toBuilder().setError(translate(response.getError())).build()
              : message;
      case ConsumeResponse response ->
          response.hasError()
              ? (A) response.toBuilder().setError(translate(response.getError())).build()
              : message;
      case GroupHeartbeatResponse response -> (A) translate(response);
      case CommitOffsetsResponse response -> (A) translate(response);
      case FetchOffsetsResponse response -> (A) translate(response);
      default -> message;
    };
  }

  private GroupHeartbeatResponse translate(GroupHeartbeatResponse response) {
    GroupHeartbeatResponse.Builder translated = response.toBuilder();
    if (response.hasError()) {
      translated.setError(translate(response.getError()));
    }
    if (response.hasCoordinator()) {
      translated.setCoordinator(translate(response.getCoordinator()));
    }
    return translated.build();
  }

  private CommitOffsetsResponse translate(CommitOffsetsResponse response) {
    CommitOffsetsResponse.Builder translated = response.toBuilder();
    if (response.hasError()) {
      translated.setError(translate(response.getError()));
    }
    if (response.hasCoordinator()) {
      translated.setCoordinator(translate(response.getCoordinator()));
    }
    return translated.build();
  }

  private FetchOffsetsResponse translate(FetchOffsetsResponse response) {
    FetchOffsetsResponse.Builder translated = response.toBuilder();
    if (response.hasError()) {
      translated.setError(translate(response.getError()));
    }
    if (response.hasCoordinator()) {
      translated.setCoordinator(translate(response.getCoordinator()));
    }
    return translated.build();
  }

  private LeaderHint translate(LeaderHint hint) {
    return external(hint.getBrokerId())
        .map(address -> hint.toBuilder().setAddress(address).build())
        .orElse(hint);
  }

  private MetadataSnapshot translate(MetadataSnapshot snapshot) {
    MetadataSnapshot.Builder translated = snapshot.toBuilder();
    for (BrokerInfo.Builder broker : translated.getBrokersBuilderList()) {
      external(broker.getId()).ifPresent(broker::setGrpcAddress);
    }
    return translated.build();
  }

  private ListBrokersResponse translate(ListBrokersResponse brokers) {
    ListBrokersResponse.Builder translated = brokers.toBuilder();
    for (BrokerInfo.Builder broker : translated.getBrokersBuilderList()) {
      external(broker.getId()).ifPresent(broker::setGrpcAddress);
    }
    return translated.build();
  }

  private ListOffsetsResponse translate(ListOffsetsResponse offsets) {
    ListOffsetsResponse.Builder translated = offsets.toBuilder();
    for (OffsetResult.Builder result : translated.getResultsBuilderList()) {
      if (result.hasError()) {
        result.setError(translate(result.getError()));
      }
    }
    return translated.build();
  }

  private Error translate(Error error) {
    if (!error.hasLeader()) {
      return error;
    }
    LeaderHint leader = error.getLeader();
    return external(leader.getBrokerId())
        .map(
            address ->
                error.toBuilder()
                    .setHint(error.getHint().replace(leader.getAddress(), address))
                    .setLeader(leader.toBuilder().setAddress(address))
                    .build())
        .orElse(error);
  }

  private Optional<String> external(int brokerId) {
    BrokerRegistration broker = metadata.image().broker(brokerId);
    return broker == null
        ? Optional.empty()
        : Optional.of(broker.profile().endpoints().externalGrpc())
            .filter(address -> !address.isEmpty());
  }
}
