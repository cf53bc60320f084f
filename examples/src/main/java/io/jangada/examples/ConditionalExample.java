// SPDX-License-Identifier: Apache-2.0
package io.jangada.examples;

import io.jangada.client.ClientConfig;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.client.UnexpectedOffsetException;
import io.jangada.common.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Two writers that each write on condition that the other has not written meanwhile: {@code
 * ConditionalExample BOOTSTRAP TOPIC COUNT}.
 */
public final class ConditionalExample {
  private ConditionalExample() {}

  public static void main(String[] args) {
    TopicPartition log = new TopicPartition(args[1], 0);
    int count = Integer.parseInt(args[2]);
    try (JangadaClient client = JangadaClient.connect(ClientConfig.of(args[0]))) {
      CompletableFuture<Integer> one =
          CompletableFuture.supplyAsync(() -> write(client, log, "one", count));
      int conflicts = write(client, log, "two", count) + one.join();
      System.out.println(2 * count + " records written, " + conflicts + " decided again");
    }
  }

  /** Returns how often the other one was faster. */
  private static int write(JangadaClient client, TopicPartition log, String who, int count) {
    int conflicts = 0;
    try (Producer producer = client.producer(ProducerConfig.defaults());
        Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      long end = consumer.endOffsets(List.of(log)).get(log);
      for (int written = 0; written < count; ) {
        // What is written would be decided by what is read up to here.
        byte[] value = (who + " saw " + end + " records").getBytes(StandardCharsets.UTF_8);
        try {
          producer
              .send(
                  ProducerRecord.of(log.topic(), log.partition(), null, value)
                      .withExpectedOffset(end))
              .join();
          written++;
          end++;
        } catch (CompletionException e) {
          if (e.getCause() instanceof UnexpectedOffsetException refused && refused.definite()) {
            conflicts++;
            end = refused.logEndOffset(); // read up to there, then decide again
            continue;
          }
          throw e; // not definite: an attempt had no answer; read the record at that offset
        }
      }
    }
    return conflicts;
  }
}
