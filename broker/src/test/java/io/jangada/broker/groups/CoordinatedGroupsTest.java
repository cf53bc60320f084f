// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.groups.GroupService;
import io.jangada.groups.GroupService.GroupMember;
import io.jangada.groups.GroupService.GroupOffset;
import io.jangada.groups.GroupService.NamedPartition;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CoordinatedGroupsTest {
  private static final GroupService.Caller CALLER =
      new GroupService.Caller("c", InetAddress.getLoopbackAddress());
  private static final GroupMember MEMBER = new GroupMember("g", "m", 1, "");

  private int coordinator = 1;
  private final CoordinatedGroups groups =
      new CoordinatedGroups(
          1,
          new Nothing(),
          group -> CompletableFuture.completedFuture(coordinator),
          new NotThatFar());

  @Test
  void aCoordinatorThatIsBehindTheMetadataIsToBeAskedAgain() {
    assertThat(refusal(groups.committed(CALLER, MEMBER, null)).code())
        .isEqualTo(ErrorCode.COORDINATOR_LOADING);
  }

  @Test
  void aCoordinatorThatNobodyKnowsIsNotThere() {
    coordinator = 2;
    assertThat(refusal(groups.committed(CALLER, MEMBER, null)).code())
        .isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE);
  }

  @Test
  void offsetsOfWhatDoesNotExistAreRefusedWithoutAsking() {
    NamedPartition none = new NamedPartition(null, "none", 0);
    Map<NamedPartition, JangadaException> refused =
        groups
            .commit(
                CALLER, MEMBER, List.of(new GroupOffset(none, 7, GroupService.NO_LEADER_EPOCH, "")))
            .join();
    assertThat(refused).containsOnlyKeys(none);
    assertThat(refused.get(none).code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC);
  }

  @Test
  void aGroupHasAnId() {
    assertThat(refusal(groups.committed(CALLER, new GroupMember("", "m", 1, ""), null)).code())
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  private static JangadaException refusal(CompletableFuture<?> answer) {
    try {
      answer.join();
    } catch (CompletionException e) {
      return (JangadaException) e.getCause();
    }
    throw new AssertionError("expected a refusal");
  }

  private static final class Nothing implements ClusterMetadata {
    @Override
    public MetadataImage image() {
      return MetadataImage.EMPTY;
    }

    @Override
    public Listening listen(Consumer<MetadataDelta> listener) {
      return () -> {};
    }

    @Override
    public CompletableFuture<Void> reached(long index) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /** The metadata says that it coordinates, and it does not yet. */
  private static final class NotThatFar implements GroupService {
    @Override
    public CompletableFuture<Membership> heartbeat(Caller caller, MemberHeartbeat heartbeat) {
      return notYet();
    }

    @Override
    public CompletableFuture<Map<NamedPartition, JangadaException>> commit(
        Caller caller, GroupMember member, List<GroupOffset> offsets) {
      return notYet();
    }

    @Override
    public CompletableFuture<List<GroupOffset>> committed(
        Caller caller, GroupMember member, @Nullable List<NamedPartition> partitions) {
      return notYet();
    }

    private static <T> CompletableFuture<T> notYet() {
      return CompletableFuture.failedFuture(
          new JangadaException(ErrorCode.NOT_COORDINATOR, "expected another broker"));
    }
  }
}
