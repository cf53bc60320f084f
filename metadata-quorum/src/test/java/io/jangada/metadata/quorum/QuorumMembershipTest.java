// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jangada.api.v1.AddQuorumMemberRequest;
import io.jangada.api.v1.DescribeQuorumResponse;
import io.jangada.api.v1.RemoveQuorumMemberRequest;
import io.jangada.api.v1.TransferQuorumLeadershipRequest;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.AlterQuorumRequest;
import io.jangada.internal.v1.AlterQuorumResponse;
import io.jangada.metadata.membership.MembershipRecord;
import io.jangada.metadata.membership.QuorumMember;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members go, come and are replaced; one cluster for the whole story. */
class QuorumMembershipTest {
  @TempDir Path directory;

  private static AlterQuorumRequest transfer(int nodeId) {
    return AlterQuorumRequest.newBuilder()
        .setTransfer(TransferQuorumLeadershipRequest.newBuilder().setNodeId(nodeId))
        .build();
  }

  private static AlterQuorumRequest remove(int nodeId, boolean force, boolean validateOnly) {
    return AlterQuorumRequest.newBuilder()
        .setRemove(
            RemoveQuorumMemberRequest.newBuilder()
                .setNodeId(nodeId)
                .setForce(force)
                .setValidateOnly(validateOnly))
        .build();
  }

  private static AlterQuorumRequest add(QuorumMember member) {
    return AlterQuorumRequest.newBuilder()
        .setAdd(
            AddQuorumMemberRequest.newBuilder()
                .setNodeId(member.nodeId())
                .setGrpcAddress(member.grpcAddress())
                .setAddress(member.raftAddress()))
        .build();
  }

  private static AlterQuorumResponse done(TestCluster.Node via, AlterQuorumRequest change)
      throws Exception {
    return via.client.alterQuorum(change).get(30, TimeUnit.SECONDS);
  }

  private static JangadaException refused(TestCluster.Node via, AlterQuorumRequest change) {
    ExecutionException e =
        catchThrowableOfType(
            ExecutionException.class,
            () -> via.client.alterQuorum(change).get(30, TimeUnit.SECONDS));
    return (JangadaException) java.util.Objects.requireNonNull(e.getCause());
  }

  private static List<Integer> members(TestCluster.Node via) throws Exception {
    DescribeQuorumResponse quorum = via.client.describeQuorum().get(10, TimeUnit.SECONDS);
    return quorum.getMembersList().stream().map(member -> member.getNodeId()).toList();
  }

  @Test
  void aLostMemberIsReplacedAndEveryoneFindsTheNewOne() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3)) {
      cluster.startAll();
      cluster.awaitController();
      TestCluster.Node one = cluster.get(1);
      done(one, transfer(1));
      assertThat(cluster.awaitController().id).isEqualTo(1);
      assertThat(refused(one, transfer(9)).code()).isEqualTo(ErrorCode.UNKNOWN_NODE);

      cluster.stop(3);
      TestCluster.await("the leader to miss it", () -> isUnsafe(one, transfer(3)));
      assertThat(refused(one, remove(2, true, false)).getMessage())
          .contains("of 2 members only 1 would be in contact");
      assertThat(refused(one, add(cluster.member(3))).code()).isEqualTo(ErrorCode.UNSAFE);
      assertThat(done(one, remove(3, false, true)).getRemoved().getMembers()).isEqualTo(2);
      assertThat(members(one)).containsExactly(1, 2, 3);
      done(cluster.get(2), remove(3, false, false));
      assertThat(members(one)).containsExactly(1, 2);

      cluster.replace(3);
      TestCluster.Node three = cluster.startJoining(3);
      three.ready.get(20, TimeUnit.SECONDS);
      AlterQuorumResponse added = done(cluster.get(2), add(cluster.member(3)));
      assertThat(added.getAdded().getMembers()).isEqualTo(3);
      assertThat(added.getAdded().getDirectoryId()).isEqualTo(cluster.directoryId(3).toString());
      TestCluster.await(
          "the metadata to know its disk",
          () -> cluster.directoryId(3).equals(one.quorum.image().quorumMembers().get(3)));
      assertThat(members(three)).containsExactly(1, 2, 3);
      assertThat(done(one, add(cluster.member(3))).getAdded().getMembers())
          .as("once more")
          .isEqualTo(3);

      done(one, transfer(3));
      assertThat(cluster.awaitController().id).isEqualTo(3);
      everyoneStartsAgain(cluster);
      theLeaderIsRemovedAndComesBack(cluster);
      whoWasAwayIsToldThatItWasRemoved(cluster);
    }
  }

  private static boolean isUnsafe(TestCluster.Node via, AlterQuorumRequest change) {
    AlterQuorumRequest checked =
        change.toBuilder()
            .setTransfer(change.getTransfer().toBuilder().setValidateOnly(true))
            .build();
    try {
      done(via, checked);
      return false;
    } catch (ExecutionException e) {
      return e.getCause() instanceof JangadaException typed && typed.code() == ErrorCode.UNSAFE;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Their configuration still has the address of the machine that was lost. */
  private static void everyoneStartsAgain(TestCluster cluster) throws Exception {
    for (int id = 1; id <= 3; id++) {
      cluster.stop(id);
    }
    cluster.startAll();
    cluster.awaitController();
    for (int id = 1; id <= 3; id++) {
      TestCluster.Node node = cluster.get(id);
      node.ready.get(20, TimeUnit.SECONDS);
      assertThat(node.failures).isEmpty();
      assertThat(members(node)).containsExactly(1, 2, 3);
    }
    // Only with the new one can the quorum go on.
    cluster.stop(2);
    TestCluster.Node controller = cluster.awaitController();
    TestCluster.await("the leader to miss it", () -> isUnsafe(controller, transfer(2)));
    cluster.start(2).ready.get(20, TimeUnit.SECONDS);
  }

  private static void theLeaderIsRemovedAndComesBack(TestCluster cluster) throws Exception {
    done(cluster.get(1), transfer(1));
    TestCluster.await("node 1 to lead", () -> cluster.get(1).quorum.isController());
    TestCluster.Node two = cluster.get(2);
    TestCluster.await("all in contact", () -> !isUnsafe(two, transfer(3)));
    JangadaException careful = refused(two, remove(1, false, false));
    assertThat(careful.code()).isEqualTo(ErrorCode.UNSAFE);
    assertThat(careful.hint()).contains("--force");
    done(two, remove(1, true, false));
    assertThat(members(two)).containsExactly(2, 3);
    TestCluster.Node removed = cluster.get(1);
    TestCluster.await("node 1 to notice", () -> knowsItWasRemoved(cluster, 1));
    TestCluster.await("node 1 to follow another member", () -> follows(removed, two));
    assertThat(removed.failures).isEmpty();

    cluster.stop(1);
    cluster.start(1).ready.get(20, TimeUnit.SECONDS);
    done(two, add(cluster.member(1)));
    assertThat(members(cluster.get(1))).containsExactly(1, 2, 3);
  }

  private static boolean knowsItWasRemoved(TestCluster cluster, int id) {
    return MembershipRecord.load(cluster.home(id).resolve("quorum/membership.properties")).state()
        == MembershipRecord.State.REMOVED;
  }

  /** It has missed that it was removed: the others tell it. */
  private static void whoWasAwayIsToldThatItWasRemoved(TestCluster cluster) throws Exception {
    cluster.stop(3);
    TestCluster.Node two = cluster.get(2);
    TestCluster.await("the leader to miss it", () -> isUnsafe(two, transfer(3)));
    done(two, remove(3, false, false));
    TestCluster.Node three = cluster.start(3);
    three.ready.get(20, TimeUnit.SECONDS);
    TestCluster.await("node 3 to be told", () -> knowsItWasRemoved(cluster, 3));
    TestCluster.await("node 3 to follow another member", () -> follows(three, two));
    assertThat(three.failures).isEmpty();
  }

  private static boolean follows(TestCluster.Node node, TestCluster.Node other) {
    return node.client.appliedIndex() >= other.client.appliedIndex()
        && node.client.image().equals(other.client.image());
  }
}
