// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.wire.WireErrors;

/**
 * Whether clients are served: not before the node knows the cluster's metadata, and not while it
 * shuts down. A refused call surely had no effect, and clients turn to another broker. Thread-safe.
 */
final class ClientAdmission implements ServerInterceptor {
  private enum State {
    STARTING,
    OPEN,
    CLOSING
  }

  private volatile State state = State.STARTING;

  ServerServiceDefinition guard(ServerServiceDefinition service) {
    return ServerInterceptors.intercept(service, this);
  }

  void open() {
    state = State.OPEN;
  }

  void close() {
    state = State.CLOSING;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    return switch (state) {
      case OPEN -> next.startCall(call, headers);
      case STARTING ->
          refuse(
              call,
              new JangadaException(
                  ErrorCode.UNAVAILABLE,
                  "expected a broker that serves, but this one is still starting",
                  "try another broker, or this one again in a moment"));
      case CLOSING ->
          refuse(
              call,
              new JangadaException(
                  ErrorCode.SHUTTING_DOWN,
                  "expected a broker that serves, but this one is shutting down",
                  "try another broker"));
    };
  }

  private static <ReqT, RespT> ServerCall.Listener<ReqT> refuse(
      ServerCall<ReqT, RespT> call, JangadaException why) {
    StatusRuntimeException refusal = WireErrors.toStatus(why);
    Metadata trailers = refusal.getTrailers();
    call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    return new ServerCall.Listener<>() {};
  }
}
