// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of one run on this machine: how soon nodes are ready, how fast acknowledged records
 * are, what that costs the brokers, what partitions cost, how long a partition is away when its
 * leader is killed. Real processes from the distribution, on free ports; run it on an otherwise
 * idle machine.
 *
 * <pre>make bench
 * make bench ROWS=throughput,partitions</pre>
 */
public final class BrokerBenchmark {
  private BrokerBenchmark() {}

  /**
   * Measures.
   *
   * @param args which rows, separated by commas; none for all of them
   */
  public static void main(String[] args) throws Exception {
    Figures figures = new Figures(System.out);
    Map<String, Row> rows = new LinkedHashMap<>();
    rows.put("start", new StartUpRow());
    rows.put("throughput", new ThroughputRow());
    rows.put("latency", new LatencyRow());
    rows.put("consume", new ConsumeRow());
    rows.put("partitions", new PartitionsRow());
    rows.put("recovery", new RecoveryRow());
    rows.put("replay", new ReplayRow());
    rows.put("compaction", new CompactionRow());
    rows.put("outage", new OutageRow());
    rows.put("sdk", new SdkRow());
    rows.put("command", new CommandRow());
    rows.put("kafka-consume", new KafkaConsumeRow());
    rows.put("kafka-idle", new KafkaIdleRow());
    rows.put("kafka-wake-up", new KafkaWakeUpRow());
    rows.put("groups", new GroupsRow());
    rows.put("offsets-load", new OffsetsLoadRow());
    for (String name : wanted(args, rows)) {
      Row row = rows.get(name);
      if (row == null) {
        throw new IllegalArgumentException(
            "expected rows of " + rows.keySet() + ", but got '" + name + "'");
      }
      row.measure(figures);
    }
  }

  private static List<String> wanted(String[] args, Map<String, Row> rows) {
    return args.length == 0 || args[0].isBlank()
        ? List.copyOf(rows.keySet())
        : List.of(args[0].split(","));
  }
}
