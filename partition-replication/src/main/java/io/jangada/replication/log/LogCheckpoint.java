// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.replication.core.LeaderEpochHistory;
import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What is known of a log beside its batches; a small file with a version and a checksum. If it is
 * lost, all but the log start is found again in the batches.
 *
 * <pre>
 * 0 magic "JCKP" | 4 version int16 | 6 logStartOffset int64 | 14 recoveryPoint int64
 * 22 highWatermark int64 | 30 number of epochs int32 | 34 (epoch int32, start offset int64)…
 * … CRC32C of all before it, int32
 * </pre>
 *
 * @param logStartOffset records below it are deleted
 * @param recoveryPoint batches below it were durable when this was written, so that damage there is
 *     corruption and not a torn write
 * @param highWatermark a lower bound of it
 * @param epochs where each leader epoch begins
 */
record LogCheckpoint(
    long logStartOffset, long recoveryPoint, long highWatermark, LeaderEpochHistory epochs) {
  private static final String FILE_NAME = "checkpoint";
  private static final int MAGIC = 0x4A434B50;
  private static final short VERSION = 1;
  private static final int FIXED_BYTES = 34;
  private static final int EPOCH_BYTES = 12;
  private static final int CRC_BYTES = 4;

  /** The checkpoint in the directory, or empty if there is none that is sound. */
  static Optional<LogCheckpoint> read(Storage storage, Path directory) throws IOException {
    Path path = directory.resolve(FILE_NAME);
    return storage.exists(path)
        ? decode(ByteBuffer.wrap(storage.readSmall(path)))
        : Optional.empty();
  }

  /** Replaces the directory's checkpoint, durably. */
  void write(Storage storage, Path directory) throws IOException {
    storage.writeSmall(directory.resolve(FILE_NAME), encode());
  }

  private ByteBuffer encode() {
    ByteBuffer buffer = ByteBuffer.allocate(FIXED_BYTES + epochs.size() * EPOCH_BYTES + CRC_BYTES);
    buffer.putInt(MAGIC).putShort(VERSION);
    buffer.putLong(logStartOffset).putLong(recoveryPoint).putLong(highWatermark);
    buffer.putInt(epochs.size());
    for (int i = 0; i < epochs.size(); i++) {
      buffer.putInt(epochs.epochAt(i)).putLong(epochs.startOffsetAt(i));
    }
    buffer.putInt(crc(buffer, buffer.position()));
    return buffer.flip();
  }

  private static Optional<LogCheckpoint> decode(ByteBuffer buffer) {
    int crcAt = buffer.limit() - CRC_BYTES;
    if (crcAt < FIXED_BYTES
        || buffer.getInt(0) != MAGIC
        || buffer.getShort(Integer.BYTES) != VERSION
        || buffer.getInt(crcAt) != crc(buffer, crcAt)) {
      return Optional.empty();
    }
    buffer.position(Integer.BYTES + Short.BYTES);
    long logStartOffset = buffer.getLong();
    long recoveryPoint = buffer.getLong();
    long highWatermark = buffer.getLong();
    LeaderEpochHistory epochs = new LeaderEpochHistory();
    int count = buffer.getInt();
    for (int i = 0; i < count; i++) {
      epochs.append(buffer.getInt(), buffer.getLong());
    }
    return Optional.of(new LogCheckpoint(logStartOffset, recoveryPoint, highWatermark, epochs));
  }

  private static int crc(ByteBuffer buffer, int length) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.duplicate().position(0).limit(length));
    return (int) crc.getValue();
  }
}
