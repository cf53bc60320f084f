// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.grpc.StatusRuntimeException;
import io.jangada.common.Uuids;
import io.jangada.internal.v1.MembershipCheckRequest;
import io.jangada.internal.v1.MembershipCheckResponse;
import io.jangada.internal.v1.QuorumServiceGrpc;
import io.jangada.metadata.membership.MemberDirectory;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.wire.WireErrors;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Asks other members over their gRPC port. */
public final class GrpcMemberDirectory implements MemberDirectory, AutoCloseable {
  private static final long DEADLINE_MS = 1_000;

  private final UUID clusterId;
  private final int nodeId;
  private final UUID directoryId;
  private final QuorumChannels channels;

  /** For one node that asks. */
  public GrpcMemberDirectory(
      UUID clusterId, int nodeId, UUID directoryId, List<QuorumMember> members) {
    this.clusterId = clusterId;
    this.nodeId = nodeId;
    this.directoryId = directoryId;
    this.channels = new QuorumChannels(members, nodeId);
  }

  @Override
  public UUID ask(QuorumMember other, boolean announces) {
    MembershipCheckResponse response;
    try {
      response =
          QuorumServiceGrpc.newBlockingStub(channels.channel(other.nodeId()))
              .withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS)
              .membershipCheck(
                  MembershipCheckRequest.newBuilder()
                      .setClusterId(clusterId.toString())
                      .setNodeId(nodeId)
                      .setDirectoryId(Uuids.toBytes(directoryId))
                      .setAnnounce(announces)
                      .build());
    } catch (StatusRuntimeException e) {
      throw WireErrors.fromCall(e, other.grpcAddress(), true);
    }
    if (response.hasRefusal()) {
      throw WireErrors.fromWire(response.getRefusal());
    }
    return Uuids.fromBytes(response.getDirectoryId());
  }

  @Override
  public void close() {
    channels.close();
  }
}
