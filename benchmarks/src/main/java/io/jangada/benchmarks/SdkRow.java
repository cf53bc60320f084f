// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import com.sun.management.ThreadMXBean;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.client.SendCallback;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * What a record costs the thread that sends it: records of 100 B without a key into the buffer of a
 * producer with default settings, whose broker answers at once and does nothing. Speed is by the
 * CPU time of the sending thread, allocation by its own count, so that neither the sender thread
 * nor the broker, which share the machine, is charged to it; the line of the whole process has all
 * of them.
 */
final class SdkRow implements Row {
  private static final int ROUNDS = 12;
  private static final int WARM_UP_ROUNDS = 4;
  private static final int RECORDS = 2_000_000;
  private static final int RECORD_BYTES = 100;
  private static final int PARTITIONS = 6;

  @Override
  public void measure(Figures figures) throws Exception {
    LongAdder acknowledged = new LongAdder();
    SendCallback shared = (metadata, error) -> acknowledged.increment();
    measure(figures, "nobody waits", (p, r) -> p.send(r, SendCallback.IGNORE));
    measure(figures, "one callback", (p, r) -> p.send(r, shared));
    measure(
        figures,
        "a callback each",
        (p, r) -> p.send(r, (m, e) -> acknowledged.add(m != null ? 1 : 0)));
    measure(figures, "a future each", SdkRow::forget);
  }

  /** As an application would that looks at its futures later. */
  private static void forget(Producer producer, ProducerRecord record) {
    var unused = producer.send(record);
  }

  private static void measure(
      Figures figures, String name, BiConsumer<Producer, ProducerRecord> send) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] value = new byte[RECORD_BYTES];
    new Random(1).nextBytes(value);
    ProducerRecord record = ProducerRecord.of("sink", null, value);
    List<Double> millionsPerSecond = new ArrayList<>();
    List<Double> bytesPerRecord = new ArrayList<>();
    List<Double> wholeMillionsPerSecond = new ArrayList<>();
    try (SinkBroker sink = new SinkBroker(PARTITIONS);
        JangadaClient client = JangadaClient.connect(ClientConfig.of(sink.address()));
        Producer producer = client.producer(ProducerConfig.defaults())) {
      producer.send(record).join();
      long self = Thread.currentThread().threadId();
      for (int round = 0; round < ROUNDS; round++) {
        double processBefore = ProcessUsage.ofThisProcess().cpuSeconds();
        long bytesBefore = threads.getThreadAllocatedBytes(self);
        long cpuBefore = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < RECORDS; i++) {
          send.accept(producer, record);
        }
        long cpuNs = threads.getCurrentThreadCpuTime() - cpuBefore;
        bytesPerRecord.add(
            (threads.getThreadAllocatedBytes(self) - bytesBefore) / (double) RECORDS);
        millionsPerSecond.add(RECORDS * 1e3 / cpuNs);
        producer.flush();
        wholeMillionsPerSecond.add(
            RECORDS / 1e6 / (ProcessUsage.ofThisProcess().cpuSeconds() - processBefore));
      }
    }
    figures.afterWarmUp(
        "SDK, 100 B into the buffer, " + name,
        "M records/CPU-s",
        millionsPerSecond,
        WARM_UP_ROUNDS);
    figures.afterWarmUp(
        "  allocated by the sending thread", "B/record", bytesPerRecord, WARM_UP_ROUNDS);
    figures.afterWarmUp(
        "  all of the process, network and sink included",
        "M records/CPU-s",
        wholeMillionsPerSecond,
        WARM_UP_ROUNDS);
  }
}
