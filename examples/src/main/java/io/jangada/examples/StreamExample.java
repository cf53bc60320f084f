// SPDX-License-Identifier: Apache-2.0
package io.jangada.examples;

import io.jangada.client.ClientConfig;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.JangadaClient;
import io.jangada.client.Meter;
import io.jangada.client.RecordPublisher;
import io.jangada.common.TopicPartition;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * Reads a partition as a reactive stream, ten records at a time, and shows what the client counted
 * as Prometheus would scrape it: {@code StreamExample BOOTSTRAP TOPIC COUNT}.
 */
public final class StreamExample {
  private StreamExample() {}

  public static void main(String[] args) throws InterruptedException {
    int count = Integer.parseInt(args[2]);
    try (JangadaClient client = JangadaClient.connect(ClientConfig.of(args[0]));
        RecordPublisher publisher =
            client.publisher(ConsumerConfig.defaults(), List.of(new TopicPartition(args[1], 0)))) {
      CountDownLatch enough = new CountDownLatch(count);
      publisher.subscribe(new InTens(enough));
      if (!enough.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException(
            "expected " + count + " records, but " + enough.getCount() + " are missing");
      }
      System.out.println("streamed " + count + " records");
      for (Meter meter : client.meters()) {
        if (meter.value() > 0) {
          System.out.println(meter.name().replace('.', '_') + " " + meter.value());
        }
      }
    }
  }

  private static final class InTens implements Flow.Subscriber<ConsumerRecord> {
    private final CountDownLatch received;
    private Flow.Subscription subscription;
    private int left;

    InTens(CountDownLatch received) {
      this.received = received;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      demand();
    }

    @Override
    public void onNext(ConsumerRecord record) {
      received.countDown();
      if (--left == 0) {
        demand();
      }
    }

    @Override
    public void onError(Throwable failure) {
      System.err.println("the stream ended: " + failure.getMessage());
    }

    @Override
    public void onComplete() {
      // Closed by main.
    }

    private void demand() {
      left = 10;
      subscription.request(10);
    }
  }
}
