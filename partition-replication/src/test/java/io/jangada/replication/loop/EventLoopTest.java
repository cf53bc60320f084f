// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventLoopTest {
  private final List<Throwable> defects = new CopyOnWriteArrayList<>();
  private final List<Throwable> ofComponent = new CopyOnWriteArrayList<>();
  private final EventLoop loop = new EventLoop("test-loop", 10, defects::add);
  private final GuardedLoop guarded = new GuardedLoop(loop, ofComponent::add);

  @BeforeEach
  void start() {
    loop.start();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void aDefectIsToldAndTheLoopGoesOn() throws Exception {
    RuntimeException poison = new IllegalStateException("poison");
    loop.execute(() -> throwing(poison));
    loop.offer(() -> throwing(poison));
    loop.execute(() -> loop.afterDrain(() -> throwing(poison)));
    loop.execute(() -> loop.schedule(0, () -> throwing(poison)));
    awaitTimers();
    assertThat(defects).containsExactly(poison, poison, poison, poison);
  }

  @Test
  void anErrorIsToldAsWell() throws Exception {
    Error error = new StackOverflowError("poison");
    loop.execute(
        () -> {
          throw error;
        });
    guarded.execute(
        () -> {
          throw error;
        });
    awaitTimers();
    assertThat(defects).containsExactly(error, error);
    assertThat(ofComponent).isEmpty();
  }

  @Test
  void aDefectOfAComponentIsItsOwn() throws Exception {
    RuntimeException poison = new IllegalStateException("poison");
    guarded.execute(() -> throwing(poison));
    guarded.offer(() -> throwing(poison));
    guarded.execute(() -> guarded.afterDrain(() -> throwing(poison)));
    guarded.execute(() -> guarded.schedule(0, () -> throwing(poison)));
    awaitTimers();
    assertThat(ofComponent).containsExactly(poison, poison, poison, poison);
    assertThat(defects).isEmpty();
  }

  @Test
  void aComponentThatCannotEndIsTheLoopsDefect() throws Exception {
    RuntimeException second = new IllegalStateException("cannot end");
    GuardedLoop helpless = new GuardedLoop(loop, e -> throwing(second));
    helpless.execute(() -> throwing(new IllegalStateException("poison")));
    awaitTimers();
    assertThat(defects).containsExactly(second);
  }

  private static void throwing(RuntimeException e) {
    throw e;
  }

  /** Until what was handed over before has run, with the timers that are due by then. */
  private void awaitTimers() throws Exception {
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Void> ran = new CompletableFuture<>();
      loop.execute(() -> loop.schedule(0, () -> ran.complete(null)));
      ran.get(10, TimeUnit.SECONDS);
    }
  }
}
