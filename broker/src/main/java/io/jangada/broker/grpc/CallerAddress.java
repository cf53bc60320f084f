// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Lets handlers know where a call came from. */
final class CallerAddress implements ServerInterceptor {
  private static final Context.Key<InetAddress> KEY =
      Context.keyWithDefault("caller-address", InetAddress.getLoopbackAddress());

  /** Of the call that is handled by this thread. */
  static InetAddress current() {
    return KEY.get();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
            instanceof InetSocketAddress remote
        ? Contexts.interceptCall(
            Context.current().withValue(KEY, remote.getAddress()), call, headers, next)
        : next.startCall(call, headers);
  }
}
