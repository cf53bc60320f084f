// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.CommandHarness;
import io.jangada.client.BrokerDescription;
import io.jangada.client.QuorumDescription;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.OutputFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir Path directory;
  private final CommandHarness harness = new CommandHarness();

  private int print(OutputFormat format, Finding... findings) {
    return new DoctorCommand(harness.invocation(format, "")).print(List.of(findings));
  }

  @Test
  void aWarningIsNoFailureAndBothHaveARemedy() {
    assertThat(print(OutputFormat.TABLE, Finding.ok("a", "fine"), Finding.warning("b", "low", "x")))
        .isZero();
    assertThat(print(OutputFormat.JSON, Finding.failed("c", "gone", "y"))).isEqualTo(1);
    assertThat(harness.out())
        .isEqualTo(
            """
            CHECK  STATE    FOUND
            a      ok       fine
            b      warning  low

            b: x
            {"healthy":false,"checks":[{"check":"c","state":"failed","found":"gone","remedy":"y"}]}
            """);
  }

  @Test
  void aBrokerThatRefusesConnectionsIsDownAndItsNameIsNotToBlame() throws Exception {
    String closed = closedAddress();
    assertThat(ClusterChecks.address(broker(closed), true))
        .isEqualTo(
            Finding.failed(
                "address of broker 7",
                closed + " refuses connections: the broker is down",
                "start it; the cluster takes note of its death within seconds"));
    assertThat(ClusterChecks.address(broker(closed), false).remedy())
        .endsWith("cannot take note of its death without a majority of the quorum");
    assertThat(ClusterChecks.address(broker("no.such.host.invalid:7400"), true).remedy())
        .contains("listeners.advertised-host");
  }

  @Test
  void ofAQuorumWithoutALeaderItIsSaidWhoIsMissing() throws Exception {
    String closed = closedAddress();
    try (ServerSocket open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String running = "127.0.0.1:" + open.getLocalPort();
      Finding finding = ClusterChecks.quorum(quorum(-1, running, closed, closed));
      assertThat(finding.state()).isEqualTo(Finding.State.FAILED);
      assertThat(finding.found())
          .isEqualTo(
              "it has no leader, so no metadata changes; of 3 members these cannot be reached: 2 ("
                  + closed
                  + "), 3 ("
                  + closed
                  + ")");
      assertThat(ClusterChecks.quorum(quorum(1, running, closed, closed)).state())
          .isEqualTo(Finding.State.OK);
    }
  }

  private static String closedAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  private static BrokerDescription broker(String address) {
    return new BrokerDescription(
        7, address, "", "", "", BrokerDescription.State.ACTIVE, 1, List.of("broker"), Map.of());
  }

  private static QuorumDescription quorum(int leaderId, String... addresses) {
    List<QuorumDescription.Member> members = new ArrayList<>();
    for (String address : addresses) {
      int id = members.size() + 1;
      members.add(new QuorumDescription.Member(id, address, id == leaderId, -1, -1, "", ""));
    }
    return new QuorumDescription("c", leaderId, 1, 1, 1, 3, members);
  }

  @Test
  void theHostIsCheckedAndNothingIsLeftBehind() throws Exception {
    assertThat(HostChecks.all(directory))
        .extracting(Finding::check)
        .containsExactly("file handles", "memory maps", "memory", "disk space", "disk sync");
    try (var files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
    assertThatThrownBy(() -> HostChecks.all(directory.resolve("none")))
        .isInstanceOf(CommandException.class);
  }
}
