// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.cli.CommandHarness;
import io.jangada.cli.Progress;
import io.jangada.client.Producer;
import io.jangada.client.ProducerRecord;
import io.jangada.client.RecordMetadata;
import io.jangada.client.SendCallback;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.OutputFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ctrl-C in the middle: what is said is what is true. */
@Timeout(30)
class InterruptionTest {
  private final CommandHarness harness = new CommandHarness();
  private final HeldAnswers producer = new HeldAnswers();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CountDownLatch waits = new CountDownLatch(1);
  private int calls;

  /** Four records, then input that does not come before {@link #goOn}, then one more. */
  private @Nullable ProducerRecord next() {
    int given = calls++;
    if (given == 4) {
      waits.countDown();
      try {
        assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return given > 4 ? null : ProducerRecord.of("t", null, new byte[] {(byte) given});
  }

  private static CompletableFuture<@Nullable Acknowledgements> inBackground(
      Callable<@Nullable Acknowledgements> task) {
    CompletableFuture<@Nullable Acknowledgements> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                done.complete(task.call());
              } catch (Exception e) {
                done.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  private Sending sending(Invocation invocation) {
    return new Sending(
        producer, this::next, new Progress(invocation.stdio(), false), metadata -> {});
  }

  @Test
  void itSaysWhatIsAcknowledgedAndSendsNoMore() throws Exception {
    Invocation invocation = harness.invocation(OutputFormat.TABLE, "");
    Sending sending = sending(invocation);
    CompletableFuture<@Nullable Acknowledgements> running = inBackground(sending::run);
    assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
    for (int index : List.of(0, 1, 3)) {
      producer.answer(index);
    }
    Interruption.say(sending, invocation.stdio().err(), Duration.ofMillis(100));
    assertThat(harness.err())
        .isEqualTo(
            """
            error: interrupted; acknowledged are 3 of the 4 records sent, among them the first 2
            try: send the rest, from the first record that is not acknowledged
            """);

    goOn.countDown();
    running.get(20, TimeUnit.SECONDS);
    assertThat(producer.sent()).as("the record that came after Ctrl-C").isEqualTo(4);
  }

  @Test
  void itWaitsForWhatIsOnItsWay() throws Exception {
    Invocation invocation = harness.invocation(OutputFormat.TABLE, "");
    Sending sending = sending(invocation);
    CompletableFuture<@Nullable Acknowledgements> running = inBackground(sending::run);
    assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<@Nullable Acknowledgements> said =
        inBackground(
            () -> {
              Interruption.say(sending, invocation.stdio().err(), Duration.ofSeconds(20));
              return null;
            });
    for (int index = 0; index < 4; index++) {
      producer.answer(index);
    }
    said.get(20, TimeUnit.SECONDS);
    assertThat(harness.err())
        .startsWith("error: interrupted; acknowledged are 4 of the 4 records sent");
    goOn.countDown();
    running.get(20, TimeUnit.SECONDS);
  }

  /** Answers when it is told to. */
  private static final class HeldAnswers implements Producer {
    private final Map<Integer, SendCallback> held = new ConcurrentHashMap<>();

    int sent() {
      return held.size();
    }

    void answer(int index) {
      held.get(index).completed(new RecordMetadata(new TopicPartition("t", 0), index, 0), null);
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord record) {
      throw new UnsupportedOperationException("produce sends with callbacks");
    }

    @Override
    public void send(ProducerRecord record, SendCallback callback) {
      held.put(held.size(), callback);
    }

    @Override
    public void flush() {}

    @Override
    public void close(Duration timeout) {}

    @Override
    public void close() {}
  }
}
