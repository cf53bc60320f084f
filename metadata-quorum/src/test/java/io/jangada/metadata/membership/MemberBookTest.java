// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberBookTest {
  private static final List<QuorumMember> CONFIGURED = List.of(member(1, ""), member(2, ""));

  @TempDir Path directory;

  private static QuorumMember member(int id, String where) {
    return new QuorumMember(id, "raft" + id + where, "grpc" + id + where);
  }

  private MemberBook open(List<QuorumMember> configured) {
    return MemberBook.open(directory.resolve("members"), configured);
  }

  @Test
  void whatTheLeaderSaidOutlivesTheProcess() {
    MemberBook book = open(CONFIGURED);
    assertThat(book.members()).isEqualTo(CONFIGURED);
    List<QuorumMember> voters = List.of(member(2, ""), member(3, ""));
    assertThat(book.learn(voters)).isTrue();
    assertThat(book.learn(voters)).isFalse();
    assertThat(open(CONFIGURED).members()).isEqualTo(voters);
  }

  @Test
  void aConfigurationThatChangedSinceIsTheNewerWord() {
    open(CONFIGURED).learn(List.of(member(2, "old"), member(3, "")));
    assertThat(open(List.of(member(1, ""), member(2, "new"))).members())
        .containsExactly(member(1, ""), member(2, "new"), member(3, ""));
  }

  @Test
  void aLeaderThatNobodyKnewIsMetByItsAddress() {
    MemberBook book = open(CONFIGURED);
    assertThat(book.meet(3, "grpc3")).isTrue();
    assertThat(book.meet(3, "grpc3")).isFalse();
    assertThat(book.meet(4, "")).isFalse();
    assertThat(book.member(3).grpcAddress()).isEqualTo("grpc3");
    assertThat(open(CONFIGURED).members()).isEqualTo(CONFIGURED);
  }

  @Test
  void aDamagedFileIsNoHindrance() throws Exception {
    Files.writeString(directory.resolve("members"), "member.x=1\n");
    assertThat(open(CONFIGURED).members()).isEqualTo(CONFIGURED);
  }
}
