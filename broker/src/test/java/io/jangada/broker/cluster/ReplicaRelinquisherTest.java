// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest.RelinquishReplicas;
import io.jangada.metadata.command.Refusal;
import io.prometheus.client.CollectorRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReplicaRelinquisherTest {
  private static final UUID TOPIC = new UUID(1, 1);

  private final ScriptedController controller = new ScriptedController();
  private final AtomicLong epoch = new AtomicLong(7);
  private final Queue<Runnable> later = new ArrayDeque<>();
  private final ReplicaRelinquisher relinquisher =
      new ReplicaRelinquisher(1, epoch::get, controller, new CollectorRegistry(), later::add);

  private static List<TopicIdPartition> replicas(int count) {
    List<TopicIdPartition> replicas = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      replicas.add(new TopicIdPartition(TOPIC, i));
    }
    return replicas;
  }

  @Test
  void manyAreGivenUpPartByPartOneAtATime() {
    CompletableFuture<Void> done =
        relinquisher.relinquish(replicas(1_100), false, List.of(), "damage");
    for (int expected : List.of(500, 500, 100)) {
      assertThat(done).isNotDone();
      ScriptedController.Call call = controller.next();
      assertThat(controller.isIdle()).isTrue();
      RelinquishReplicas request = (RelinquishReplicas) call.request();
      assertThat(request.replicas()).hasSize(expected);
      assertThat(request.brokerEpoch()).isEqualTo(7);
      call.answer().complete(new ControllerAnswer.Done(9));
    }
    assertThat(done).isCompleted();
  }

  @Test
  void whatWasRefusedOrGotNoAnswerIsSentAgainWithTheEpochOfThen() {
    CompletableFuture<Void> done = relinquisher.relinquish(replicas(1), true, List.of(), "EIO");
    controller
        .next()
        .answer()
        .complete(
            new ControllerAnswer.Failed(
                3, new Refusal(ErrorCode.STALE_BROKER_EPOCH, "registered anew")));
    epoch.set(8);
    later.remove().run();
    controller.next().answer().completeExceptionally(new IllegalStateException("lost"));
    later.remove().run();
    ScriptedController.Call last = controller.next();
    assertThat(((RelinquishReplicas) last.request()).brokerEpoch()).isEqualTo(8);
    assertThat(((RelinquishReplicas) last.request()).suspect()).isTrue();
    assertThat(done).isNotDone();
    last.answer().complete(new ControllerAnswer.Done(9));
    assertThat(done).isCompleted();
  }

  @Test
  void nothingIsSentBeforeTheRegistration() {
    epoch.set(-1);
    CompletableFuture<Void> done = relinquisher.relinquish(replicas(2), false, List.of(), "damage");
    assertThat(controller.isIdle()).isTrue();
    epoch.set(5);
    later.remove().run();
    controller.next().answer().complete(new ControllerAnswer.Done(9));
    assertThat(done).isCompleted();
  }
}
