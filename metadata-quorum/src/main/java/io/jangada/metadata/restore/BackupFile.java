// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.restore;

import io.jangada.backup.BackupDecoder;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.BackupHeaderProto;
import io.jangada.internal.v1.RecordsProto;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataCodec;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.image.MetadataImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What {@code jangada quorum backup} wrote, read to its end. */
public final class BackupFile {
  private BackupFile() {}

  /**
   * The metadata in a whole backup.
   *
   * @throws JangadaException STORAGE_ERROR if it is damaged, UNSUPPORTED if a later release made
   *     it, INVALID_REQUEST if it is something else or not there
   */
  public static MetadataImage read(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      BackupDecoder decoder = new BackupDecoder(in, file.toString());
      BackupHeaderProto header = decoder.header();
      if (header.getFeatureLevel() > FeatureRange.SUPPORTED.max()) {
        throw new JangadaException(
            ErrorCode.UNSUPPORTED,
            "expected metadata of feature level "
                + FeatureRange.SUPPORTED.max()
                + " at most, but "
                + file
                + " has level "
                + header.getFeatureLevel(),
            "restore it with the release that the cluster ran, or a later one");
      }
      List<MetadataRecord> records = new ArrayList<>();
      for (Optional<RecordsProto> next = decoder.next(); next.isPresent(); next = decoder.next()) {
        records.addAll(MetadataCodec.decodeRecords(next.get().toByteArray()));
      }
      MetadataImage image = MetadataImage.ofRecords(header.getIndex(), records);
      requireConsistent(header, image, file);
      return image;
    } catch (NoSuchFileException e) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected a backup, but there is no file " + file,
          "name a file that jangada quorum backup wrote",
          true,
          e);
    } catch (IOException e) {
      throw new JangadaException(
          ErrorCode.STORAGE_ERROR,
          "expected to read " + file + ", but " + e.getMessage(),
          "check the file and its permissions",
          true,
          e);
    }
  }

  private static void requireConsistent(BackupHeaderProto header, MetadataImage image, Path file) {
    String clusterId = Objects.toString(image.cluster().clusterId(), "none");
    if (!clusterId.equals(header.getClusterId())) {
      throw new JangadaException(
          ErrorCode.STORAGE_ERROR,
          "expected metadata of cluster "
              + header.getClusterId()
              + ", but the records in "
              + file
              + " are of "
              + clusterId,
          "use another backup");
    }
  }
}
