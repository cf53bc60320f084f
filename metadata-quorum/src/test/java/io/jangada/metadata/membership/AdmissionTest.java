// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionTest {
  private static final List<QuorumMember> MEMBERS = List.of(member(1), member(2), member(3));

  @TempDir Path directory;

  private final Map<Integer, MembershipRecord> records = new ConcurrentHashMap<>();
  private final Map<Integer, UUID> disks = new HashMap<>();

  private static QuorumMember member(int id) {
    return new QuorumMember(id, "raft" + id, "grpc" + id);
  }

  @Test
  void threeFreshMembersAdmitEachOther() {
    fresh();
    for (int id = 1; id <= 3; id++) {
      join(id, false);
      assertThat(records.get(id).voters().keySet())
          .as("who has announced to it")
          .isSubsetOf(1, 2, 3);
    }
    assertThat(records.get(1).voters()).containsOnlyKeys(2, 3);
    assertThat(records.get(3).disk(1))
        .isEqualTo(Optional.of(new MembershipRecord.Disk(disk(1), true)));
  }

  @Test
  void aMemberThatHasVotedStartsWithoutAsking() {
    fresh();
    join(1, false);
    records.remove(2);
    records.remove(3);
    records.put(1, load(1));
    join(1, true);
  }

  @Test
  void aWipedDiskIsRefusedWhetherItHasANewIdentityOrNot() {
    fresh();
    join(1, false);
    join(2, false);
    join(3, false);
    records.put(3, MembershipRecord.load(directory.resolve("wiped")));
    refused(3, "its storage is empty");
    disks.put(3, UUID.randomUUID());
    refused(3, "but it has " + disk(3));
  }

  @Test
  void aLostLogBesideAKeptRecordIsRefused() {
    fresh();
    join(1, false);
    records.put(1, load(1));
    assertThatThrownBy(() -> admission(1).await(false))
        .isInstanceOf(JangadaException.class)
        .hasMessageContaining("its storage is empty");
  }

  @Test
  void aMemberThatDiedBetweenAnnouncingAndStartingMayStart() {
    fresh();
    admission(1).await(false);
    // Not marked as started.
    records.put(1, load(1));
    join(1, false);
  }

  @Test
  void theMetadataRemembersWhatAReplacedMemberCannot() {
    fresh();
    UUID registered = UUID.randomUUID();
    assertThat(records.get(1).admit(3, disk(3), registered, false)).isPresent();
    assertThat(records.get(1).admit(3, registered, registered, false))
        .hasValueSatisfying(e -> assertThat(e.hint()).contains("add it again as a new one"));
  }

  private void fresh() {
    for (int id = 1; id <= 3; id++) {
      records.put(id, load(id));
      disks.put(id, UUID.randomUUID());
    }
  }

  private MembershipRecord load(int id) {
    return MembershipRecord.load(directory.resolve("m" + id));
  }

  private UUID disk(int id) {
    return java.util.Objects.requireNonNull(disks.get(id));
  }

  private void join(int id, boolean hasLog) {
    admission(id).await(hasLog);
    records.get(id).state(MembershipRecord.State.STARTED);
  }

  private void refused(int id, String message) {
    assertThatThrownBy(() -> admission(id).await(false))
        .isInstanceOf(JangadaException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((JangadaException) e).code())
        .isEqualTo(ErrorCode.DUPLICATE_BROKER_ID);
  }

  private Admission admission(int id) {
    return new Admission(
        id,
        disk(id),
        MEMBERS,
        java.util.Objects.requireNonNull(records.get(id)),
        (other, announces) -> {
          MembershipRecord asked = records.get(other.nodeId());
          if (asked == null) {
            throw new JangadaException(ErrorCode.UNAVAILABLE, "expected an answer, but it is away");
          }
          asked
              .admit(id, disk(id), null, announces)
              .ifPresent(
                  refusal -> {
                    throw refusal;
                  });
          return disk(other.nodeId());
        });
  }
}
