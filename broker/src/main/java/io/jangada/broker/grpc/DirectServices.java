// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Lets the calls of some services run on the network threads and all others on a pool. */
final class DirectServices implements ServerCallExecutorSupplier {
  private final Set<String> names;
  private final Executor pool;

  DirectServices(Set<String> names, Executor pool) {
    this.names = names;
    this.pool = pool;
  }

  @Override
  public <ReqT, RespT> @Nullable Executor getExecutor(
      ServerCall<ReqT, RespT> call, Metadata metadata) {
    String service = call.getMethodDescriptor().getServiceName();
    return service != null && names.contains(service) ? Runnable::run : pool;
  }
}
