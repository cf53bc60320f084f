// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.doctor;

import io.jangada.client.Admin;
import io.jangada.client.BrokerDescription;
import io.jangada.client.Outcome;
import io.jangada.client.PartitionDescription;
import io.jangada.client.QuorumDescription;
import io.jangada.client.TopicDescription;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks of the cluster as it looks from this machine. */
final class ClusterChecks {
  private static final int CONNECT_TIMEOUT_MS = 2_000;
  private static final long FAR_APART_MS = 2_000;

  /** HTTP's clock has no more than seconds. */
  private static final long HTTP_CLOCK_MS = 1_000;

  private ClusterChecks() {}

  static List<Finding> all(Admin admin) {
    List<Finding> findings = new ArrayList<>();
    QuorumDescription quorum = admin.describeQuorum();
    boolean majority = quorum.leaderId() >= 0;
    findings.add(quorum(quorum));
    for (BrokerDescription broker : admin.listBrokers()) {
      findings.add(address(broker, majority));
      findings.add(clock(broker));
    }
    findings.add(partitions(admin.describeTopics(List.of())));
    return findings;
  }

  static Finding quorum(QuorumDescription quorum) {
    String check = "quorum";
    int members = quorum.members().size();
    if (quorum.leaderId() < 0) {
      List<String> missing =
          quorum.members().stream()
              .filter(member -> unreachable(member.address()).isPresent())
              .map(member -> member.nodeId() + " (" + member.address() + ")")
              .toList();
      return Finding.failed(
          check,
          "it has no leader, so no metadata changes"
              + (missing.isEmpty()
                  ? ""
                  : "; of %d members these cannot be reached: %s"
                      .formatted(members, String.join(", ", missing))),
          "start the members that are missing, so that a majority runs: jangada quorum status");
    }
    return members % 2 == 0
        ? Finding.warning(
            check,
            members + " members, which outlive no more deaths than " + (members - 1),
            "have an odd number of members")
        : Finding.ok(check, members + " members, node " + quorum.leaderId() + " leads");
  }

  static Finding address(BrokerDescription broker, boolean majority) {
    String check = "address of broker " + broker.id();
    if (broker.state() != BrokerDescription.State.ACTIVE) {
      return Finding.warning(
          check,
          broker.grpcAddress() + ", but the broker is " + broker.state(),
          "start it, or look into its log");
    }
    long begin = System.nanoTime();
    Optional<Exception> failure = unreachable(broker.grpcAddress());
    if (failure.isEmpty()) {
      double ms = (System.nanoTime() - begin) / 1e6;
      return Finding.ok(check, "%s answers in %.1f ms".formatted(broker.grpcAddress(), ms));
    }
    if (failure.get() instanceof ConnectException refused
        && String.valueOf(refused.getMessage()).contains("refused")) {
      // The machine answers, so the name is right: nothing listens there.
      return Finding.failed(
          check,
          broker.grpcAddress() + " refuses connections: the broker is down",
          majority
              ? "start it; the cluster takes note of its death within seconds"
              : "start it; the cluster cannot take note of its death without a majority of the"
                  + " quorum");
    }
    return Finding.failed(
        check,
        broker.grpcAddress() + " can't be reached from here: " + failure.get().getMessage(),
        "set listeners.advertised-host of that broker to a name that clients can resolve");
  }

  /** Why nothing can be connected to at that address, or empty. */
  private static Optional<Exception> unreachable(String address) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, Math.max(0, colon));
    try (Socket socket = new Socket()) {
      int port = Integer.parseInt(address.substring(colon + 1));
      socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MS);
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of(e);
    }
  }

  private static Finding clock(BrokerDescription broker) {
    String check = "clock of broker " + broker.id();
    if (broker.state() != BrokerDescription.State.ACTIVE || broker.httpAddress().isEmpty()) {
      return Finding.skipped(check, "the broker does not tell");
    }
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://" + broker.httpAddress() + "/livez").toURL().openConnection();
      connection.setConnectTimeout(CONNECT_TIMEOUT_MS);
      connection.setReadTimeout(CONNECT_TIMEOUT_MS);
      long before = System.currentTimeMillis();
      connection.getResponseCode();
      long after = System.currentTimeMillis();
      long there = connection.getDate();
      connection.disconnect();
      if (there == 0) {
        return Finding.skipped(check, "the broker does not tell");
      }
      long apartMs = Math.max(0, Math.max(before - HTTP_CLOCK_MS - there, there - after));
      return apartMs < FAR_APART_MS
          ? Finding.ok(check, "within " + FAR_APART_MS / 1000 + " s of this machine's")
          : Finding.warning(
              check,
              "%.1f s from this machine's".formatted(apartMs / 1e3),
              "let an NTP client set the clocks; timestamps and retention follow them");
    } catch (IOException | IllegalArgumentException e) {
      return Finding.warning(
          check,
          "http://" + broker.httpAddress() + " can't be reached from here: " + e.getMessage(),
          "open the HTTP port to operators, or leave it");
    }
  }

  private static Finding partitions(List<Outcome<TopicDescription>> topics) {
    String check = "partitions";
    int all = 0;
    int orphans = 0;
    int lagging = 0;
    for (Outcome<TopicDescription> topic : topics) {
      if (!topic.succeeded()) {
        continue;
      }
      for (PartitionDescription partition : topic.orThrow().partitions()) {
        all++;
        orphans += partition.leader() < 0 ? 1 : 0;
        lagging += partition.isr().size() < partition.replicas().size() ? 1 : 0;
      }
    }
    if (orphans > 0) {
      return Finding.failed(
          check,
          orphans + " of " + all + " have no leader",
          "start the brokers that are down: jangada partition list");
    }
    return lagging > 0
        ? Finding.warning(
            check,
            lagging + " of " + all + " have a replica that is not in sync",
            "start the brokers that are down, or wait: jangada partition list --watch")
        : Finding.ok(check, all + ", all with a leader and all replicas in sync");
  }
}
