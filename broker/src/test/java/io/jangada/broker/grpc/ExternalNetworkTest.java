// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.BrokerInfo;
import io.jangada.api.v1.ConsumeServiceGrpc;
import io.jangada.api.v1.GetMetadataRequest;
import io.jangada.api.v1.ListOffsetsRequest;
import io.jangada.api.v1.ListOffsetsResponse;
import io.jangada.api.v1.MetadataServiceGrpc;
import io.jangada.api.v1.OffsetResult;
import io.jangada.broker.service.NotLeaderException;
import io.jangada.internal.v1.MembershipCheckRequest;
import io.jangada.internal.v1.QuorumServiceGrpc;
import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.NodeRole;
import io.jangada.metadata.command.Provenance;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two listeners of one broker, each for a network of its own. */
class ExternalNetworkTest {
  private final ImageController metadata =
      new ImageController(
          new ControllerRequest.ClaimController(1),
          new ControllerRequest.FormatCluster(new UUID(1, 1), new UUID(1, 2)),
          registration(1, "outside:9001"),
          registration(2, ""));
  private GrpcFrontDoor frontDoor;
  private ManagedChannel inside;
  private ManagedChannel outside;

  private static ControllerRequest registration(int id, String external) {
    return new ControllerRequest.RegisterBroker(
        id,
        new UUID(0, id),
        new BrokerProfile(
            new Endpoints("inside" + id + ":7400", "", "", external),
            "",
            List.of(NodeRole.BROKER),
            FeatureRange.SUPPORTED),
        new Provenance(List.of(), new UUID(0, 0), Provenance.UNCLEAN));
  }

  /** Says that broker 1 leads. */
  private static final class LedElsewhere extends ConsumeServiceGrpc.ConsumeServiceImplBase {
    @Override
    public void listOffsets(
        ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> responses) {
      responses.onNext(
          ListOffsetsResponse.newBuilder()
              .addResults(
                  OffsetResult.newBuilder()
                      .setError(
                          Failures.toError(new NotLeaderException("t-0", 2, 1, "inside1:7400", 3))))
              .build());
      responses.onCompleted();
    }
  }

  @BeforeEach
  void open() throws Exception {
    int external;
    try (ServerSocket free = new ServerSocket(0)) {
      external = free.getLocalPort();
    }
    frontDoor =
        GrpcFrontDoor.at(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new GrpcLimits(1 << 20, 100, Duration.ofSeconds(10), Duration.ofSeconds(5)))
            .external(external, metadata)
            .pooled(new MetadataGrpcService(metadata, Runnable::run))
            .pooled(new LedElsewhere())
            .internal(new QuorumServiceGrpc.QuorumServiceImplBase() {}.bindService())
            .open(Runnable::run);
    frontDoor.serving();
    inside = channel(frontDoor.port());
    outside = channel(external);
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  @AfterEach
  void close() {
    inside.shutdownNow();
    outside.shutdownNow();
    frontDoor.close();
  }

  private static List<String> addresses(ManagedChannel channel) {
    return MetadataServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .getMetadata(GetMetadataRequest.getDefaultInstance())
        .getBrokersList()
        .stream()
        .map(BrokerInfo::getGrpcAddress)
        .toList();
  }

  private static OffsetResult offset(ManagedChannel channel) {
    return ConsumeServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .listOffsets(ListOffsetsRequest.getDefaultInstance())
        .getResults(0);
  }

  @Test
  void eachNetworkIsToldTheAddressesItReaches() {
    assertThat(addresses(inside)).containsExactly("inside1:7400", "inside2:7400");
    assertThat(addresses(outside)).containsExactly("outside:9001", "inside2:7400");
    assertThat(offset(inside).getError().getLeader().getAddress()).isEqualTo("inside1:7400");
    assertThat(offset(outside).getError().getLeader().getAddress()).isEqualTo("outside:9001");
    assertThat(offset(outside).getError().getHint()).isEqualTo("send it to outside:9001");
  }

  @Test
  void whatBrokersSayToEachOtherIsRefusedOutside() {
    assertThatThrownBy(() -> check(inside)).hasMessageContaining("UNIMPLEMENTED");
    assertThatThrownBy(() -> check(outside))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("PERMISSION_DENIED")
        .hasMessageContaining("listeners.grpc-port");
  }

  private static void check(ManagedChannel channel) {
    QuorumServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .membershipCheck(MembershipCheckRequest.getDefaultInstance());
  }
}
