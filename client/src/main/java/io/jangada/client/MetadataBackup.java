// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.backup.BackupDecoder;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.BackupHeaderProto;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A backup of the cluster's metadata, as it was found.
 *
 * @param clusterId of the cluster, a UUID in text
 * @param historyId of the history of that cluster, a UUID in text
 * @param index of the metadata log: everything up to there is in it
 * @param featureLevel that was in force
 * @param createdMs when it was made, in milliseconds since 1970, by the clock of the node
 * @param records how many there are
 * @param bytes how long it is
 */
public record MetadataBackup(
    String clusterId,
    String historyId,
    long index,
    int featureLevel,
    long createdMs,
    long records,
    long bytes) {
  /**
   * Reads a backup to its end and checks it.
   *
   * @param in stays the caller's to close; worth a buffer
   * @param name what errors call it
   * @throws JangadaException INVALID_REQUEST if it is something else, UNSUPPORTED if a later
   *     release made it, STORAGE_ERROR if it is damaged or not whole
   */
  public static MetadataBackup verify(InputStream in, String name) throws IOException {
    BackupDecoder decoder = new BackupDecoder(in, name);
    BackupHeaderProto header = decoder.header();
    Optional<?> frame = decoder.next();
    while (frame.isPresent()) {
      frame = decoder.next();
    }
    return new MetadataBackup(
        header.getClusterId(),
        header.getHistoryId(),
        header.getIndex(),
        header.getFeatureLevel(),
        header.getCreatedMs(),
        decoder.records(),
        decoder.bytes());
  }
}
