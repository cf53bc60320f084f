// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokerSessionsTest {
  private static final long MS = 1_000_000;
  private static final long STREAM = 7;

  private final BrokerSessions sessions = new BrokerSessions(LivenessSettings.DEFAULTS);
  private long now = 1_000 * MS;

  @BeforeEach
  void oneActiveBroker() {
    sessions.restart(List.of(new KnownBroker(1, 10, false)), now);
  }

  @Test
  void aBrokerWithoutSessionIsProbedSoonAfterAControllerChange() {
    pass(299);
    assertThat(sessions.due(now)).isEmpty();
    pass(1);
    assertThat(sessions.due(now)).containsExactly(new LivenessEffect.Probe(1, 10));
    assertThat(sessions.due(now)).as("one probe at a time").isEmpty();
  }

  @Test
  void aRefusedProbeFencesAtOnceAndOnlyOnce() {
    connect();
    sessions.broken(1, 10, STREAM, now);
    assertThat(sessions.due(now)).containsExactly(new LivenessEffect.Probe(1, 10));
    assertThat(sessions.probed(1, 10, true, now))
        .containsExactly(new LivenessEffect.Fence(1, 10, "its port refuses connections"));
    assertThat(sessions.probed(1, 10, true, now)).isEmpty();
    pass(10_000);
    assertThat(sessions.due(now)).as("the fence is on its way").isEmpty();
  }

  @Test
  void anAnsweredProbeIsRepeatedUntilTheSessionEnds() {
    connect();
    sessions.broken(1, 10, STREAM, now);
    sessions.due(now);
    assertThat(sessions.probed(1, 10, false, now)).isEmpty();
    assertThat(sessions.due(now)).isEmpty();
    pass(50);
    assertThat(sessions.due(now)).containsExactly(new LivenessEffect.Probe(1, 10));
    pass(2_000);
    assertThat(sessions.due(now))
        .containsExactly(new LivenessEffect.Fence(1, 10, "no contact for 2000 ms"));
  }

  @Test
  void aNewStreamEndsTheSuspicionAndTheOldOnesEndIsIgnored() {
    connect();
    sessions.broken(1, 10, STREAM, now);
    sessions.due(now);
    sessions.heartbeat(1, 10, STREAM + 1, 0, 0, now);
    assertThat(sessions.probed(1, 10, true, now)).isEmpty();
    sessions.broken(1, 10, STREAM, now);
    assertThat(sessions.due(now)).isEmpty();
  }

  @Test
  void heartbeatsWithoutANewEchoAreNoContact() {
    connect();
    for (int i = 0; i < 19; i++) {
      pass(100);
      sessions.heartbeat(1, 10, STREAM, 1, 0, now);
      assertThat(sessions.due(now)).isEmpty();
    }
    pass(100);
    sessions.heartbeat(1, 10, STREAM, 1, 0, now);
    assertThat(sessions.due(now)).hasSize(1).first().isInstanceOf(LivenessEffect.Fence.class);
  }

  @Test
  void anEchoOfWhatWasNeverSaidIsNoContact() {
    connect();
    pass(1_999);
    sessions.heartbeat(1, 10, STREAM, 1_000, 0, now);
    pass(1);
    assertThat(sessions.due(now)).hasSize(1);
  }

  @Test
  void echoedHeartbeatsKeepTheSession() {
    long answer = connect();
    for (int i = 0; i < 50; i++) {
      pass(500);
      answer = sessions.heartbeat(1, 10, STREAM, answer, 0, now);
      assertThat(sessions.due(now)).isEmpty();
    }
  }

  @Test
  void aFencedBrokerIsUnfencedOnceItKnowsItsRegistration() {
    sessions.update(List.of(new KnownBroker(1, 20, true)), now);
    long answer = sessions.heartbeat(1, 20, STREAM, 0, 19, now);
    answer = sessions.heartbeat(1, 20, STREAM, answer, 19, now);
    assertThat(sessions.due(now)).as("metadata behind its registration").isEmpty();
    sessions.heartbeat(1, 20, STREAM, answer, 20, now);
    assertThat(sessions.due(now)).containsExactly(new LivenessEffect.Unfence(1, 20, 20));
    assertThat(sessions.due(now)).isEmpty();
  }

  @Test
  void aFencedBrokerThatHasNotEchoedStaysFenced() {
    sessions.update(List.of(new KnownBroker(1, 20, true)), now);
    sessions.heartbeat(1, 20, STREAM, 0, 20, now);
    assertThat(sessions.due(now)).isEmpty();
  }

  @Test
  void anotherIncarnationIsNotKnown() {
    assertThat(sessions.heartbeat(1, 9, STREAM, 0, 0, now)).isEqualTo(-1);
    assertThat(sessions.heartbeat(2, 10, STREAM, 0, 0, now)).isEqualTo(-1);
    sessions.update(List.of(new KnownBroker(1, 20, true)), now);
    assertThat(sessions.knows(1, 10)).isFalse();
    assertThat(sessions.knows(1, 20)).isTrue();
  }

  @Test
  void aFailedFenceIsDueAgain() {
    sessions.due(now);
    pass(300);
    sessions.due(now);
    sessions.probed(1, 10, true, now);
    sessions.transitionEnded(1, 10, now);
    assertThat(sessions.due(now)).isEmpty();
    pass(100);
    assertThat(sessions.due(now)).containsExactly(new LivenessEffect.Probe(1, 10));
  }

  private long connect() {
    long first = sessions.heartbeat(1, 10, STREAM, 0, 0, now);
    return sessions.heartbeat(1, 10, STREAM, first, 0, now);
  }

  private void pass(long ms) {
    now += Duration.ofMillis(ms).toNanos();
  }
}
