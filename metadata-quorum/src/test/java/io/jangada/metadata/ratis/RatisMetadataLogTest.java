// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RatisMetadataLogTest {
  @TempDir Path directory;

  @Test
  void aSingleMemberCommitsAndReplaysAfterARestart() throws Exception {
    try (LogGroup group = new LogGroup(directory, 1, 100_000)) {
      group.start(1);
      assertThat(group.propose("a")).isEqualTo(1);
      assertThat(group.propose("b")).isEqualTo(2);
      assertThat(group.get(1).events).contains("leader").doesNotContain("failed");
      assertThat(group.get(1).registry.metricFamilySamples().hasMoreElements()).isTrue();
      group.stop(1);
      LogGroup.Member again = group.start(1);
      assertThat(group.propose("c")).isEqualTo(3);
      assertThat(again.state.lines).containsExactly("a", "b", "c");
    }
  }

  @Test
  void aSnapshotBoundsTheReplay() throws Exception {
    try (LogGroup group = new LogGroup(directory, 1, 100_000)) {
      group.start(1);
      group.propose("a");
      assertThat(group.get(1).log.takeSnapshot().get(10, TimeUnit.SECONDS)).isPositive();
      group.propose("b");
      group.stop(1);
      LogGroup.Member again = group.start(1);
      group.propose("c");
      assertThat(again.state.installed.get()).isEqualTo(1);
      assertThat(again.state.lines).containsExactly("a", "b", "c");
    }
  }

  @Test
  void anotherMemberTakesOverAndAnEmptyOneGetsASnapshot() throws Exception {
    try (LogGroup group = new LogGroup(directory, 3, 10)) {
      group.start(1);
      group.start(2);
      for (int i = 0; i < 60; i++) {
        group.propose("line " + i);
      }
      // Its log begins behind what the others have purged.
      LogGroup.Member late = group.start(3);
      LogGroup.await("60 lines on the late member", () -> late.state.lines.size() == 60);
      assertThat(late.state.installed.get()).isPositive();

      int leader = group.awaitLeader();
      LogGroup.await(
          "the leader to know what all three have",
          () -> group.get(leader).log.view().members().stream().allMatch(m -> m.matchIndex() > 0));
      LogView view = group.get(leader).log.view();
      assertThat(view.leaderId()).isEqualTo(leader);
      assertThat(view.members()).extracting(LogView.MemberView::nodeId).containsExactly(1, 2, 3);
      int follower = leader == 1 ? 2 : 1;
      assertThatThrownBy(
              () -> group.get(follower).log.propose("x".getBytes(UTF_8)).get(1, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .extracting(e -> ((JangadaException) e).code())
          .isEqualTo(ErrorCode.NOT_CONTROLLER);

      group.stop(leader);
      assertThat(group.propose("after")).isEqualTo(61);
      assertThat(late.events).doesNotContain("failed");
    }
  }

  @Test
  void leadershipMovesOnRequest() throws Exception {
    try (LogGroup group = new LogGroup(directory, 3, 100_000)) {
      group.startAll();
      group.propose("a");
      int leader = group.awaitLeader();
      int other = leader == 3 ? 1 : 3;
      group.get(leader).log.transferLeadership(other).get(10, TimeUnit.SECONDS);
      LogGroup.await("the other to lead", () -> group.get(other).log.leading());
      assertThat(group.propose("b")).isEqualTo(2);
    }
  }

  @Test
  void aTakenPortIsOneClearError() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0));
      LogMember member = new LogMember(1, UUID.randomUUID(), "127.0.0.1:" + taken.getLocalPort());
      LogSettings settings =
          new LogSettings(
              "test",
              member,
              List.of(member),
              directory,
              100_000,
              LogSettings.DEFAULT_SEGMENT_BYTES);
      assertThatThrownBy(() -> new LogGroup.Member(settings))
          .isInstanceOf(JangadaException.class)
          .hasMessageContaining("address is taken");
    }
  }
}
