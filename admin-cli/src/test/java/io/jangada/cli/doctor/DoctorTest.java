// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.CommandHarness;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.OutputFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
