// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.grpc.StatusRuntimeException;
import io.jangada.common.Uuids;
import io.jangada.internal.v1.DescribeMembersRequest;
import io.jangada.internal.v1.DescribeMembersResponse;
import io.jangada.internal.v1.MembershipCheckRequest;
import io.jangada.internal.v1.MembershipCheckResponse;
import io.jangada.internal.v1.QuorumServiceGrpc;
import io.jangada.metadata.membership.MemberBook;
import io.jangada.metadata.membership.MemberDirectory;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.wire.WireErrors;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other members over their gRPC port. */
public final class GrpcMemberDirectory implements MemberDirectory, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcMemberDirectory.class);
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
    this.channels = new QuorumChannels(MemberBook.fixed(members), nodeId);
  }

  @Override
  public UUID ask(QuorumMember other, boolean announces) {
    MembershipCheckResponse response;
    try {
      response =
          QuorumServiceGrpc.newBlockingStub(channels.channel(other))
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

  /**
   * Whether the leader of the quorum says that this node's disk is not among the voters. False
   * where no leader answers. Blocks for at most a second for each member.
   */
  public boolean excluded(List<QuorumMember> others) {
    for (QuorumMember other : others) {
      try {
        DescribeMembersResponse response =
            QuorumServiceGrpc.newBlockingStub(channels.channel(other))
                .withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS)
                .describeQuorum(
                    DescribeMembersRequest.newBuilder().setClusterId(clusterId.toString()).build());
        if (!response.hasError() && response.hasQuorum()) {
          return response.getQuorum().getMembersList().stream().noneMatch(this::mayBeThis);
        }
      } catch (StatusRuntimeException e) {
        LOG.debug("{} does not say who votes", other, e);
      }
    }
    return false;
  }

  /** Members of an older version do not tell the disks. */
  private boolean mayBeThis(io.jangada.api.v1.QuorumMember voter) {
    return voter.getNodeId() == nodeId && directoryId.toString().startsWith(voter.getDirectoryId());
  }

  @Override
  public void close() {
    channels.close();
  }
}
