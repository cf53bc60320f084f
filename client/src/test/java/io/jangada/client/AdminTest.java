// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jangada.client.fake.FakeCluster;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AdminTest {
  private final FakeCluster cluster = new FakeCluster(2);
  private final JangadaClient client = JangadaClient.connect(cluster.config());

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  @Test
  void topicsAreCreatedListedAndDescribed() {
    TopicListing created = client.admin().createTopic(NewTopic.of("t", 1, 1));
    assertThat(client.admin().listTopics(false)).containsExactly(created);
    TopicDescription described = client.admin().describeTopics(List.of("t")).get(0).orThrow();
    assertThat(described.id()).isEqualTo(created.id());
    assertThat(described.partitions()).hasSize(1);
    assertThat(described.partitions().get(0).leader()).isEqualTo(1);
    assertThat(described.partitions().get(0).offsets().highWatermark()).isZero();
    assertThat(client.admin().listBrokers())
        .extracting(BrokerDescription::state)
        .containsOnly(BrokerDescription.State.ACTIVE)
        .hasSize(2);
  }

  @Test
  void anItemsErrorIsTyped() {
    client.admin().createTopic(NewTopic.of("t"));
    Outcome<TopicListing> again =
        client.admin().createTopics(List.of(NewTopic.of("t")), false).get(0);
    assertThat(again.succeeded()).isFalse();
    JangadaException error = failure(again::orThrow);
    assertThat(error.code()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    assertThat(error.hint()).isEqualTo("choose another");
    assertThat(error.definite()).isTrue();
  }

  @Test
  void aWholeCallsErrorIsTyped() {
    JangadaException error = failure(() -> client.admin().describeQuorum());
    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(error).hasMessage("expected a quorum");
    assertThat(error.hint()).isEqualTo("add one");
  }

  @Test
  void whatABrokerDoesNotKnowIsUnsupported() {
    JangadaException error = failure(() -> client.admin().deleteTopics(List.of("t"), false));
    assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED);
  }

  @Test
  void anyBrokerWillDo() {
    cluster.createTopic("t", 1);
    cluster.broker(1).kill();
    for (int i = 0; i < 4; i++) {
      assertThat(client.admin().listTopics(false)).hasSize(1);
    }
  }

  @Test
  void afterAChangeTheBrokerIsAskedThatSeesIt() {
    client.admin().createTopic(NewTopic.of("t"));
    for (int i = 0; i < 4; i++) {
      client.admin().listTopics(false);
      assertThat(cluster.lastListedAt()).isEqualTo(cluster.lastChangeAt());
    }
    cluster.broker(cluster.lastChangeAt()).kill();
    assertThat(client.admin().listTopics(false)).hasSize(1);
  }

  @Test
  void aChangeThatMayHaveBeenMadeIsNotAskedForAgain() throws Exception {
    cluster.hangChanges();
    CompletableFuture<JangadaException> heard = new CompletableFuture<>();
    Thread asking =
        new Thread(
            () -> heard.complete(failure(() -> client.admin().createTopic(NewTopic.of("t")))));
    asking.start();
    ProducerTest.await(() -> cluster.hangingChanges() > 0);
    cluster.broker(1).kill();
    cluster.broker(2).kill();
    JangadaException error = heard.get(20, TimeUnit.SECONDS);
    assertThat(error.code()).isEqualTo(ErrorCode.NETWORK_ERROR);
    assertThat(error.definite()).isFalse();
    assertThat(cluster.hangingChanges()).isEqualTo(1);
    asking.join();
  }

  @Test
  void whereNobodyAnswersTheCauseIsNamed() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    ClientConfig config =
        ClientConfig.of("127.0.0.1:" + free).withRequestTimeout(Duration.ofMillis(300));
    try (JangadaClient lonely = JangadaClient.connect(config)) {
      JangadaException error = failure(() -> lonely.admin().listBrokers());
      assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      assertThat(error.definite()).isTrue();
      assertThat(error).hasMessageContaining("127.0.0.1:" + free).hasMessageContaining("refused");
    }
  }

  @Test
  void afterClosingNothingIsAsked() {
    client.close();
    assertThat(failure(() -> client.admin().listBrokers()).code())
        .isEqualTo(ErrorCode.SHUTTING_DOWN);
  }

  private static JangadaException failure(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).isInstanceOf(JangadaException.class);
    return (JangadaException) thrown;
  }
}
