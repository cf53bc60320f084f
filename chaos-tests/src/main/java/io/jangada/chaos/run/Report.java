// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.chaos.live.NodeProcess;
import io.jangada.launcher.Table;
import java.nio.file.Path;
import java.util.Locale;

/** What {@code make run} prints when all is read back. */
final class Report {
  private static final double BYTES_PER_MB = 1e6;

  private Report() {}

  /** The figures: what went in and came out, and what the kill cost. */
  static String figures(
      Comparison comparison, Ledger ledger, Outage.Result outage, long writeMs, long inSyncMs) {
    return new Table("", "RECORDS", "MB", "MB/S")
            .row(
                "in",
                comparison.in(),
                mb(comparison.inBytes()),
                rate(comparison.inBytes(), writeMs) + " (paced)")
            .row("acknowledged", ledger.acknowledgedRecords(), mb(ledger.acknowledgedBytes()), "")
            .row(
                "out",
                comparison.out(),
                mb(comparison.outBytes()),
                rate(comparison.outBytes(), comparison.readMs()))
            .row("lost", comparison.lost(), "", "")
            .row("duplicated", comparison.duplicated(), "", "")
            .row("altered", comparison.altered(), "", "")
            .row("out of order", comparison.disordered(), "", "")
            .render()
        + String.format(
            Locale.ROOT,
            """

            longest gap %,d ms (no partition made a sender wait longer for an acknowledgement)
            in flight at the kill: %,d records; new leaders after %,d ms
            all replicas in sync again %,d ms after the last acknowledgement

            """,
            ledger.longestGapMs(),
            outage.inFlight(),
            outage.electedMs(),
            inSyncMs);
  }

  /** Who led each partition, and who does. */
  static String leaders(Leaders before, Leaders after, Leaders now) {
    Table table = new Table("PARTITION", "LEADER BEFORE", "AFTER THE KILL", "NOW");
    before
        .byPartition()
        .forEach(
            (partition, leader) ->
                table.row(
                    partition,
                    leader,
                    after.byPartition().get(partition),
                    now.byPartition().get(partition)));
    return table.render();
  }

  /** Where everything listens, and what to try now. */
  static String endpoints(LocalCluster cluster, String topic, Path executable) {
    Table table = new Table("BROKER", "PID", "GRPC", "HTTP", "LOG");
    for (NodeProcess node : cluster.nodes()) {
      table.row(
          node.plan().id(),
          node.pid(),
          node.plan().grpcAddress(),
          "http://" + node.plan().httpAddress() + "/metrics",
          node.plan().directory().resolve("broker.log"));
    }
    String command = executable + " --bootstrap " + cluster.bootstrap();
    return table.render()
        + """

        The cluster stays up until Ctrl-C. In another terminal:
          %1$s topic describe %2$s
          %1$s consume %2$s --from -3 -e -f '%%p %%o %%k\\n'
          echo hello | %1$s produce %2$s
        """
            .formatted(command, topic);
  }

  private static String mb(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / BYTES_PER_MB);
  }

  private static String rate(long bytes, long ms) {
    return String.format(Locale.ROOT, "%.1f", bytes / BYTES_PER_MB / (Math.max(1, ms) / 1e3));
  }
}
