// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealTest {
  private static final byte[] ENTRIES = "what was written".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;
  private Path current;
  private Path log;
  private Seal seal;

  @BeforeEach
  void memberWithALog() throws IOException {
    current = Files.createDirectories(directory.resolve("group/current"));
    log = current.resolve("log_inprogress_40");
    // Room is made ahead of what is written.
    Files.write(log, Arrays.copyOf(ENTRIES, 1 << 20));
    seal = new Seal(directory);
  }

  @Test
  void roomThatIsTakenAwayLateIsNoDamage() throws IOException {
    seal.write();
    cut(log, ENTRIES.length);

    seal.verify(1);

    assertThat(directory.resolve("seal")).doesNotExist();
  }

  @Test
  void anEntryThatIsCutOffIsDamage() throws IOException {
    seal.write();
    cut(log, ENTRIES.length - 1);

    assertThatThrownBy(() -> seal.verify(1))
        .isInstanceOf(JangadaException.class)
        .hasMessageContaining("log_inprogress_40");
  }

  @Test
  void anEntryThatIsAnotherIsDamage() throws IOException {
    seal.write();
    byte[] other = ENTRIES.clone();
    other[3] ^= 1;
    Files.write(log, other);

    assertThatThrownBy(() -> seal.verify(1)).isInstanceOf(JangadaException.class);
  }

  @Test
  void zerosCountInEveryOtherFile() throws IOException {
    Path closed = Files.write(current.resolve("log_0-39"), Arrays.copyOf(ENTRIES, 100));
    seal.write();
    cut(closed, ENTRIES.length);

    assertThatThrownBy(() -> seal.verify(1))
        .isInstanceOf(JangadaException.class)
        .hasMessageContaining("log_0-39");
  }

  private static void cut(Path file, long bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(bytes);
    }
  }
}
