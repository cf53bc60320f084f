// SPDX-License-Identifier: Apache-2.0
package io.jangada.backup;

import io.jangada.internal.v1.BackupHeaderProto;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Makes the pieces of a backup, which follow each other in the file: {@link #begin}, any number of
 * {@link #frame}s, {@link #end}. Numbers are big-endian.
 *
 * <pre>
 *   begin: "JANGADA-METADATA" | version int | length int | BackupHeaderProto | CRC32C of all that int
 *   frame: length int &gt; 0 | RecordsProto | CRC32C of the payload int
 *   end:   0 int | number of records long | CRC32C of everything before it int
 * </pre>
 *
 * <p>For one thread.
 */
public final class BackupEncoder {
  static final byte[] MAGIC = "JANGADA-METADATA".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;

  private final CRC32C all = new CRC32C();
  private long records;

  /** The first piece. */
  public byte[] begin(BackupHeaderProto header) {
    byte[] bytes = header.toByteArray();
    ByteBuffer piece =
        ByteBuffer.allocate(MAGIC.length + 3 * Integer.BYTES + bytes.length)
            .put(MAGIC)
            .putInt(VERSION)
            .putInt(bytes.length)
            .put(bytes);
    CRC32C crc = new CRC32C();
    crc.update(piece.array(), 0, piece.position());
    return counted(piece.putInt((int) crc.getValue()).array());
  }

  /**
   * A piece with records.
   *
   * @param payload a RecordsProto, not empty
   * @param count how many records it has
   */
  public byte[] frame(byte[] payload, int count) {
    CRC32C crc = new CRC32C();
    crc.update(payload);
    records += count;
    return counted(
        ByteBuffer.allocate(2 * Integer.BYTES + payload.length)
            .putInt(payload.length)
            .put(payload)
            .putInt((int) crc.getValue())
            .array());
  }

  /** The last piece. */
  public byte[] end() {
    ByteBuffer piece =
        ByteBuffer.allocate(2 * Integer.BYTES + Long.BYTES).putInt(0).putLong(records);
    all.update(piece.array(), 0, piece.position());
    return piece.putInt((int) all.getValue()).array();
  }

  private byte[] counted(byte[] piece) {
    all.update(piece);
    return piece;
  }
}
