// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.storage.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuarantineTest {
  private static final TopicIdPartition ONE = new TopicIdPartition(new UUID(1, 2), 3);
  private static final TopicIdPartition OTHER = new TopicIdPartition(new UUID(1, 2), 4);

  @TempDir Path temp;

  private Path log(String name, int bytes) throws IOException {
    Path log = Files.createDirectories(temp.resolve(Quarantine.NAME).resolve(name));
    Files.write(log.resolve("0.log"), new byte[bytes / 2]);
    Files.write(log.resolve("1.log"), new byte[bytes - bytes / 2]);
    return log;
  }

  @Test
  void theOldestGoesFirst() throws IOException {
    Quarantine quarantine = new Quarantine(new FileStorage(), temp, 1_000);
    quarantine.trim();
    assertThat(quarantine.bytes()).isZero();
    Path newest = log("a-0.00000000-0000-0000-0000-000000000001.1700000000003", 600);
    Path oldest = log("z-0.00000000-0000-0000-0000-000000000002.1700000000001", 600);
    Path middle = log("b-0.00000000-0000-0000-0000-000000000003.1700000000002", 300);
    quarantine.trim();
    assertThat(oldest).doesNotExist();
    assertThat(middle).isDirectory();
    assertThat(newest).isDirectory();
    assertThat(quarantine.bytes()).isEqualTo(900);
  }

  @Test
  void whatIsLargerThanTheBoundIsNotKept() throws IOException {
    Quarantine quarantine = new Quarantine(new FileStorage(), temp, 0);
    Path log = log("a-0.00000000-0000-0000-0000-000000000001.1700000000003", 600);
    quarantine.beginRebuild(ONE);
    quarantine.trim();
    assertThat(log).doesNotExist();
    assertThat(quarantine.rebuilding()).containsExactly(ONE);
  }

  @Test
  void marksOutlastARestart() throws IOException {
    new Quarantine(new FileStorage(), temp, 0).beginRebuild(ONE);
    Quarantine quarantine = new Quarantine(new FileStorage(), temp, 0);
    quarantine.beginRebuild(OTHER);
    assertThat(quarantine.rebuilding()).containsExactlyInAnyOrder(ONE, OTHER);
    quarantine.endRebuild(ONE);
    assertThat(quarantine.rebuilding()).containsExactly(OTHER);
    Files.createFile(temp.resolve(Quarantine.NAME).resolve("x_y.rebuilding"));
    assertThat(quarantine.rebuilding()).containsExactly(OTHER);
  }
}
