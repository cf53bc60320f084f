// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  private static final UUID CLUSTER = new UUID(1, 1);
  private static final UUID OTHER_CLUSTER = new UUID(2, 2);
  private static final UUID DIRECTORY = new UUID(3, 3);

  @TempDir Path parent;

  @Test
  void aFormattedDirectoryIsItsNodes() {
    Path data = parent.resolve("a/b");
    DataDirectory.format(data, CLUSTER, 7, DIRECTORY);

    assertThat(DataDirectory.verified(data, Optional.of(CLUSTER), 7))
        .isEqualTo(new MetaProperties(CLUSTER, 7, DIRECTORY));
    assertThat(DataDirectory.clusterIdOf(data)).hasValue(CLUSTER);
  }

  @Test
  void isNeverFormattedAgain() {
    DataDirectory.format(parent, CLUSTER, 7, DIRECTORY);

    JangadaException refused =
        refusal(() -> DataDirectory.format(parent, OTHER_CLUSTER, 7, UUID.randomUUID()));

    assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_ALREADY_FORMATTED);
    assertThat(refused).hasMessageContaining("node 7 of cluster " + CLUSTER);
    assertThat(DataDirectory.clusterIdOf(parent)).hasValue(CLUSTER);
  }

  @Test
  void somebodyElsesFilesAreNotFormattedOver() throws IOException {
    Files.writeString(parent.resolve("thesis.tex"), "years of work");

    JangadaException refused = refusal(() -> DataDirectory.format(parent, CLUSTER, 7, DIRECTORY));

    assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_ERROR);
    assertThat(refused).hasMessageContaining("thesis.tex");
  }

  @Test
  void anUnformattedDirectoryIsRefusedWithTheRemedy() {
    JangadaException refused = refusal(() -> DataDirectory.verify(parent, Optional.empty(), 7));

    assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_NOT_FORMATTED);
    assertThat(refused.hint()).contains("jangada format");
  }

  @Test
  void anotherClustersDirectoryIsRefused() {
    DataDirectory.format(parent, OTHER_CLUSTER, 7, DIRECTORY);

    JangadaException refused = refusal(() -> DataDirectory.verify(parent, Optional.of(CLUSTER), 7));

    assertThat(refused.code()).isEqualTo(ErrorCode.INCONSISTENT_CLUSTER_ID);
    assertThat(refused).hasMessageContaining("belongs to cluster " + OTHER_CLUSTER);
  }

  @Test
  void anotherNodesDirectoryIsRefused() {
    DataDirectory.format(parent, CLUSTER, 8, DIRECTORY);

    JangadaException refused = refusal(() -> DataDirectory.verify(parent, Optional.empty(), 7));

    assertThat(refused.code()).isEqualTo(ErrorCode.INCONSISTENT_NODE_ID);
    assertThat(refused).hasMessageContaining("belongs to node 8");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "");

    JangadaException refused =
        refusal(() -> DataDirectory.format(file.resolve("data"), CLUSTER, 7, DIRECTORY));

    assertThat(refused.code()).isEqualTo(ErrorCode.STORAGE_ERROR);
    assertThat(refused).hasMessageContaining(file.resolve("data").toString());
    assertThat(refused.hint()).contains("read and write");
  }

  @Test
  void damagedMetaPropertiesAreNotGuessedAt() throws IOException {
    Path file = parent.resolve(MetaProperties.FILE_NAME);
    Files.writeString(file, "version=1\ncluster.id=" + CLUSTER + "\nnode.id=x\n");
    assertThat(refusal(() -> DataDirectory.verify(parent, Optional.empty(), 7)).code())
        .isEqualTo(ErrorCode.STORAGE_ERROR);

    Files.writeString(file, "version=99\n");
    assertThat(refusal(() -> DataDirectory.verify(parent, Optional.empty(), 7)).code())
        .isEqualTo(ErrorCode.UNSUPPORTED);

    Files.write(file, new byte[] {'\\', 'u', 'z', 'z', (byte) 0xFF, 0});
    assertThat(refusal(() -> DataDirectory.verify(parent, Optional.empty(), 7)).code())
        .isEqualTo(ErrorCode.STORAGE_ERROR);

    Files.write(file, new byte[1 << 20]);
    assertThat(refusal(() -> DataDirectory.verify(parent, Optional.empty(), 7)).code())
        .isEqualTo(ErrorCode.STORAGE_ERROR);
  }

  private static JangadaException refusal(ThrowingCallable action) {
    JangadaException refused = catchThrowableOfType(JangadaException.class, action);
    assertThat(refused).isNotNull();
    return refused;
  }
}
