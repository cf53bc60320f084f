// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextsTest {
  @TempDir Path parent;
  private Path home = Path.of("unset");
  private Contexts contexts = new Contexts(home);

  @BeforeEach
  void inADirectoryThatDoesNotExistYet() {
    home = parent.resolve("jangada home");
    contexts = new Contexts(home);
  }

  @Test
  void startEmpty() {
    assertThat(contexts.list()).isEmpty();
    assertThat(contexts.current()).isEmpty();
  }

  @Test
  void areKeptSelectedAndRemoved() {
    ClusterContext dev = new ClusterContext("dev", List.of("127.0.0.1:7400", "127.0.0.1:7410"));
    contexts.save(dev);
    contexts.save(new ClusterContext("live", List.of("h:1")));
    contexts.select("dev");

    Contexts again = new Contexts(home);
    assertThat(again.list()).extracting(ClusterContext::name).containsExactly("dev", "live");
    assertThat(again.current()).contains(dev);
    again.remove("dev");
    assertThat(contexts.current()).isEmpty();
    assertThat(contexts.find("dev")).isEmpty();
    assertThat(home).isDirectoryContaining("glob:**contexts.json");
    assertThat(home.toFile().list()).hasSize(1);
  }

  @Test
  void whatDoesNotExistCannotBeSelectedOrRemoved() {
    assertThatThrownBy(() -> contexts.select("x")).hasMessage("there is no context 'x'");
    assertThatThrownBy(() -> contexts.remove("x"))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND));
  }

  @Test
  void namesAndAddressesAreChecked() {
    assertThatThrownBy(() -> new ClusterContext("a b", List.of("h:1")))
        .hasMessageContaining("'a b'");
    assertThatThrownBy(() -> new ClusterContext("a", List.of()))
        .hasMessageContaining("at least one address");
  }

  @Test
  void aBrokenFileIsNamed() throws Exception {
    Files.createDirectories(home);
    Files.writeString(home.resolve("contexts.json"), "{broken");
    assertThatThrownBy(() -> contexts.list()).hasMessageContaining("contexts.json");
  }

  @Test
  void jangadaHomeDecidesWhere() {
    Contexts.ofUser(Map.of("JANGADA_HOME", home.toString()))
        .save(new ClusterContext("c", List.of("h:1")));
    assertThat(contexts.find("c")).isPresent();
  }
}
