// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.util.EnumSet;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;

/**
 * Closes Ratis's client and admin services on the network: whoever reached them could write
 * metadata past the controller. We propose and administer inside the process, so that nobody needs
 * them; only what members say to each other passes.
 */
final class MembersOnly implements GrpcServices.Customizer {
  private static final String MEMBER_SERVICE = "RaftServerProtocolService";

  @Override
  public NettyServerBuilder customize(
      NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
    return builder.intercept(new Gate());
  }

  private static final class Gate implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String service = call.getMethodDescriptor().getServiceName();
      if (service != null && service.endsWith(MEMBER_SERVICE)) {
        return next.startCall(call, headers);
      }
      call.close(
          Status.PERMISSION_DENIED.withDescription("only members of the quorum are served here"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }
}
