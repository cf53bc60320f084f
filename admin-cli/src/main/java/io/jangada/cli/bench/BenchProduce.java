// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.bench;

import io.jangada.cli.Progress;
import io.jangada.client.JangadaClient;
import io.jangada.client.Producer;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.Invocation;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jangada bench produce}. */
@Command(
    name = "produce",
    description =
        "Send as fast as the cluster takes it, or at a rate; measure throughput and the time to the"
            + " acknowledgement.")
public final class BenchProduce implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private Load load = new Load();

  @Mixin private BenchTopic topic = new BenchTopic();

  @Option(
      names = "--rate",
      paramLabel = "PER-SECOND",
      description = "Records per second (default: as many as it takes).")
  private double rate;

  /** Made by the launcher. */
  public BenchProduce(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws Exception {
    return topic.measure(invocation, this::measure);
  }

  private void measure(JangadaClient client, List<TopicPartition> partitions) {
    Progress progress = new Progress(invocation.stdio(), !partitions.isEmpty());
    Latencies latencies = new Latencies();
    try (Producer producer = client.producer(load.config(invocation.timeout()))) {
      load.run(
          producer,
          topic.name(),
          rate,
          latencies,
          load.text(),
          () -> progress.update(load.acknowledged(), load.acknowledgedBytes()));
    }
    progress.clear();
    Throughput done =
        Throughput.of(
            topic.name(),
            load.acknowledged(),
            load.acknowledgedBytes(),
            progress.elapsedMs(),
            latencies.summary());
    invocation.printer().printText(done, () -> done.text("acknowledged after"));
  }
}
