// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.jangada.api.v1.AddQuorumMemberRequest;
import io.jangada.api.v1.AddQuorumMemberResponse;
import io.jangada.api.v1.RemoveQuorumMemberResponse;
import io.jangada.api.v1.TransferQuorumLeadershipResponse;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.AlterQuorumRequest;
import io.jangada.internal.v1.AlterQuorumResponse;
import io.jangada.metadata.membership.QuorumChange;
import io.jangada.metadata.membership.QuorumMember;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Changes of the quorum on the wire. */
final class QuorumAlterationCodec {
  private QuorumAlterationCodec() {}

  /** The change, and whether it is only to be checked. */
  record Asked(QuorumChange change, boolean validateOnly) {}

  static Asked fromWire(AlterQuorumRequest request) {
    return switch (request.getChangeCase()) {
      case TRANSFER ->
          new Asked(
              new QuorumChange.Transfer(
                  request.getTransfer().hasNodeId()
                      ? OptionalInt.of(request.getTransfer().getNodeId())
                      : OptionalInt.empty()),
              request.getTransfer().getValidateOnly());
      case ADD -> new Asked(add(request.getAdd()), request.getAdd().getValidateOnly());
      case REMOVE ->
          new Asked(
              new QuorumChange.Remove(
                  request.getRemove().getNodeId(), request.getRemove().getForce()),
              request.getRemove().getValidateOnly());
      case CHANGE_NOT_SET ->
          throw new JangadaException(
              ErrorCode.UNSUPPORTED,
              "expected a change of the quorum that this version knows, but got none",
              "upgrade the members of the quorum first");
    };
  }

  private static QuorumChange.Add add(AddQuorumMemberRequest add) {
    if (add.getNodeId() < 1 || !isAddress(add.getAddress()) || !isAddress(add.getGrpcAddress())) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected a node id of at least 1 and two addresses as host:port, but got "
              + (add.getNodeId() + ", '" + add.getGrpcAddress() + "', '" + add.getAddress() + "'"));
    }
    return new QuorumChange.Add(
        new QuorumMember(add.getNodeId(), add.getAddress(), add.getGrpcAddress()),
        add.getDirectoryId().isEmpty() ? Optional.empty() : Optional.of(uuid(add)));
  }

  private static boolean isAddress(String text) {
    return text.matches("\\S+:\\d{1,5}");
  }

  private static UUID uuid(AddQuorumMemberRequest add) {
    try {
      return UUID.fromString(add.getDirectoryId());
    } catch (IllegalArgumentException e) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected the directory's id to be a UUID, but got '" + add.getDirectoryId() + "'",
          "it is directory.id in the node's meta.properties",
          true,
          e);
    }
  }

  static AlterQuorumResponse toWire(QuorumChange change, QuorumChange.Done done) {
    AlterQuorumResponse.Builder response = AlterQuorumResponse.newBuilder();
    return switch (change) {
      case QuorumChange.Transfer ignored ->
          response
              .setTransferred(
                  TransferQuorumLeadershipResponse.newBuilder().setLeaderId(done.nodeId()))
              .build();
      case QuorumChange.Add ignored ->
          response
              .setAdded(
                  AddQuorumMemberResponse.newBuilder()
                      .setDirectoryId(done.directoryId().map(UUID::toString).orElse(""))
                      .setMembers(done.members()))
              .build();
      case QuorumChange.Remove ignored ->
          response
              .setRemoved(RemoveQuorumMemberResponse.newBuilder().setMembers(done.members()))
              .build();
    };
  }
}
