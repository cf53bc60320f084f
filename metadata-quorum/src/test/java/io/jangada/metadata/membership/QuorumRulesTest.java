// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.membership.QuorumRules.Voter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class QuorumRulesTest {
  /** Members 1..all, of which 1 leads and the last ones are dead. */
  private static List<Voter> voters(int all, int dead) {
    List<Voter> voters = new ArrayList<>();
    for (int id = 1; id <= all; id++) {
      voters.add(new Voter(id, id == 1, 0, id <= all - dead));
    }
    return voters;
  }

  private static void refused(ErrorCode code, String text, ThrowingCallable call) {
    assertThatThrownBy(call)
        .hasMessageContaining(text)
        .isInstanceOfSatisfying(
            JangadaException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.definite()).isTrue();
              assertThat(e.hint()).isNotEmpty();
            });
  }

  @Test
  void theLeadGoesToWhoIsFurthestUnlessSomebodyIsNamed() {
    List<Voter> voters =
        List.of(
            new Voter(1, true, 0, true),
            new Voter(2, false, 7, true),
            new Voter(3, false, 3, true),
            new Voter(4, false, 0, false),
            new Voter(5, false, 100_000, true));
    assertThat(QuorumRules.transferTarget(voters, OptionalInt.empty())).isEqualTo(3);
    assertThat(QuorumRules.transferTarget(voters, OptionalInt.of(2))).isEqualTo(2);
    assertThat(QuorumRules.transferTarget(voters, OptionalInt.of(1))).isEqualTo(1);
    refused(
        ErrorCode.UNKNOWN_NODE,
        "node 9 is none of [1, 2, 3, 4, 5]",
        () -> QuorumRules.transferTarget(voters, OptionalInt.of(9)));
    refused(
        ErrorCode.UNSAFE,
        "does not answer",
        () -> QuorumRules.transferTarget(voters, OptionalInt.of(4)));
    refused(
        ErrorCode.UNSAFE,
        "lacks 100000 entries",
        () -> QuorumRules.transferTarget(voters, OptionalInt.of(5)));
    refused(
        ErrorCode.UNSAFE,
        "none is in contact",
        () -> QuorumRules.transferTarget(voters(3, 2), OptionalInt.empty()));
  }

  @Test
  void aLargerQuorumMustHaveItsMajority() {
    assertThatCode(() -> QuorumRules.checkAdd(voters(1, 0))).doesNotThrowAnyException();
    assertThatCode(() -> QuorumRules.checkAdd(voters(2, 0))).doesNotThrowAnyException();
    assertThatCode(() -> QuorumRules.checkAdd(voters(3, 1))).doesNotThrowAnyException();
    refused(
        ErrorCode.UNSAFE,
        "of 4 members only 2 would be in contact",
        () -> QuorumRules.checkAdd(voters(3, 2)));
    refused(ErrorCode.UNSAFE, "at most 7", () -> QuorumRules.checkAdd(voters(7, 0)));
  }

  @Test
  void whoIsLostGoesAndWhoIsNeededStays() {
    assertThatCode(() -> QuorumRules.checkRemove(voters(3, 1), 3, false))
        .as("the dead one of three")
        .doesNotThrowAnyException();
    assertThatCode(() -> QuorumRules.checkRemove(voters(2, 0), 2, false))
        .as("one of two, where none may fail anyway")
        .doesNotThrowAnyException();
    assertThatCode(() -> QuorumRules.checkRemove(voters(5, 0), 5, false))
        .as("one of five")
        .doesNotThrowAnyException();
    refused(
        ErrorCode.UNSAFE,
        "of 2 members only 1 would be in contact",
        () -> QuorumRules.checkRemove(voters(3, 1), 2, true));
    refused(
        ErrorCode.UNSAFE,
        "when any of the 2 that are left fails",
        () -> QuorumRules.checkRemove(voters(3, 0), 2, false));
    assertThatCode(() -> QuorumRules.checkRemove(voters(3, 0), 2, true))
        .as("the operator accepts it")
        .doesNotThrowAnyException();
    refused(
        ErrorCode.UNSAFE, "it is the last", () -> QuorumRules.checkRemove(voters(1, 0), 1, true));
    refused(
        ErrorCode.UNKNOWN_NODE,
        "node 4 is none",
        () -> QuorumRules.checkRemove(voters(3, 0), 4, true));
  }
}
