// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.backup.BackupEncoder;
import io.jangada.broker.startup.DataDirectory;
import io.jangada.broker.startup.DirectoryLock;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.BackupHeaderProto;
import io.jangada.launcher.QuorumRestorer;
import io.jangada.metadata.command.MetadataCodec;
import io.jangada.metadata.command.MetadataRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On whose disk nothing may be written, and why. */
class OfflineRestoreTest {
  private static final UUID CLUSTER = new UUID(1, 1);

  @TempDir Path directory;

  private Path backup(UUID cluster, int level) throws IOException {
    List<MetadataRecord> records =
        List.of(
            new MetadataRecord.ClusterFormatted(cluster, new UUID(2, 2)),
            new MetadataRecord.FeatureLevelSet(level),
            new MetadataRecord.TopicCreated("t", new UUID(3, 3), Map.of()));
    BackupEncoder encoder = new BackupEncoder();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        encoder.begin(
            BackupHeaderProto.newBuilder()
                .setClusterId(cluster.toString())
                .setHistoryId(new UUID(2, 2).toString())
                .setIndex(77)
                .setFeatureLevel(level)
                .build()));
    bytes.writeBytes(encoder.frame(MetadataCodec.encodeRecords(records), records.size()));
    bytes.writeBytes(encoder.end());
    return Files.write(directory.resolve("b-" + cluster + "-" + level), bytes.toByteArray());
  }

  private QuorumRestorer.Restored restore(Path file, boolean dryRun, String... more) {
    List<String> settings =
        new java.util.ArrayList<>(
            List.of(
                "node.id=1",
                "quorum.members=1@127.0.0.1:7400/7401",
                "storage.directory=" + directory.resolve("data")));
    settings.addAll(List.of(more));
    return new OfflineRestore().restore(Optional.empty(), settings, file, dryRun);
  }

  private void refused(ErrorCode code, String message, Path file, String... more) {
    assertThatThrownBy(() -> restore(file, false, more))
        .isInstanceOfSatisfying(JangadaException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
    assertThat(directory.resolve("data/quorum")).doesNotExist();
  }

  @Test
  void whatDoesNotFitIsRefusedAndNothingIsWritten() throws Exception {
    Path good = backup(CLUSTER, 4);
    refused(ErrorCode.STORAGE_NOT_FORMATTED, "expected a formatted data directory", good);
    DataDirectory.format(directory.resolve("data"), CLUSTER, 1, UUID.randomUUID());
    refused(ErrorCode.INVALID_REQUEST, "there is no file", directory.resolve("none"));
    refused(ErrorCode.INCONSISTENT_CLUSTER_ID, "expected a backup", backup(new UUID(9, 9), 4));
    refused(ErrorCode.UNSUPPORTED, "expected metadata of feature level", backup(CLUSTER, 99));
    refused(
        ErrorCode.INVALID_CONFIG,
        "with the role quorum",
        good,
        "node.roles=broker",
        "quorum.members=2@127.0.0.1:7400/7401");
    refused(ErrorCode.INCONSISTENT_NODE_ID, "belongs to node 1", good, "node.id=2");
    DirectoryLock running = DirectoryLock.acquire(directory.resolve("data"));
    refused(ErrorCode.STORAGE_LOCKED, "", good);
    running.close();

    assertThat(restore(good, true).dryRun()).isTrue();
    assertThat(directory.resolve("data/quorum")).doesNotExist();
    QuorumRestorer.Restored restored = restore(good, false);
    assertThat(restored.topics()).isEqualTo(1);
    assertThat(restored.backupIndex()).isEqualTo(77);
    assertThat(restored.index()).isGreaterThan(77);
    assertThat(restored.featureLevel()).isGreaterThanOrEqualTo(5);
    assertThatThrownBy(() -> restore(good, false))
        .isInstanceOfSatisfying(
            JangadaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSAFE));
  }
}
