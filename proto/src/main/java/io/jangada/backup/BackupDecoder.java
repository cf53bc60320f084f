// SPDX-License-Identifier: Apache-2.0
package io.jangada.backup;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.BackupHeaderProto;
import io.jangada.internal.v1.RecordsProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link BackupEncoder} made, and trusts nothing: {@link #header}, then {@link #next}
 * until it is empty. Only then is the file known to be whole. For one thread.
 */
public final class BackupDecoder {
  private static final int MAX_HEADER_BYTES = 1 << 16;
  private static final int MAX_FRAME_BYTES = 64 << 20;

  private final InputStream in;
  private final String name;
  private final CRC32C all = new CRC32C();
  private long bytes;
  private long records;

  /**
   * Reads a stream, which stays the caller's to close.
   *
   * @param name what errors call it
   */
  public BackupDecoder(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /**
   * Reads the beginning.
   *
   * @throws JangadaException INVALID_REQUEST if it is no backup of metadata, UNSUPPORTED if a later
   *     release made it, STORAGE_ERROR if it is damaged
   */
  public BackupHeaderProto header() throws IOException {
    byte[] magic = in.readNBytes(BackupEncoder.MAGIC.length);
    bytes += magic.length;
    if (!Arrays.equals(magic, BackupEncoder.MAGIC)) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected a backup of Jangada's metadata, but " + name + " is something else",
          "name a file that jangada quorum backup wrote");
    }
    take(magic);
    int version = readInt();
    if (version != BackupEncoder.VERSION) {
      throw new JangadaException(
          version > BackupEncoder.VERSION && version < 1_000
              ? ErrorCode.UNSUPPORTED
              : ErrorCode.STORAGE_ERROR,
          "expected a backup of version "
              + BackupEncoder.VERSION
              + ", but "
              + name
              + " says "
              + version,
          "use the release that wrote it, or a later one; if that is this one, the file is damaged",
          true,
          null);
    }
    byte[] header = readBlock(readInt(), MAX_HEADER_BYTES);
    requireSum((int) all.getValue());
    try {
      return BackupHeaderProto.parseFrom(header);
    } catch (InvalidProtocolBufferException e) {
      throw damaged("its header cannot be read", e);
    }
  }

  /**
   * The next records, or empty at the end of a whole file.
   *
   * @throws JangadaException STORAGE_ERROR if it is damaged, ends too early or goes on too long
   */
  public Optional<RecordsProto> next() throws IOException {
    int length = readInt();
    if (length == 0) {
      end();
      return Optional.empty();
    }
    byte[] payload = readBlock(length, MAX_FRAME_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(payload);
    requireSum((int) crc.getValue());
    try {
      RecordsProto frame = RecordsProto.parseFrom(payload);
      records += frame.getRecordsCount();
      return Optional.of(frame);
    } catch (InvalidProtocolBufferException e) {
      throw damaged("its records cannot be read", e);
    }
  }

  private void end() throws IOException {
    long expected = ByteBuffer.wrap(take(read(Long.BYTES))).getLong();
    int sum = (int) all.getValue();
    if (ByteBuffer.wrap(read(Integer.BYTES)).getInt() != sum) {
      throw damaged("its checksum is wrong");
    }
    if (expected != records) {
      throw damaged("it has " + records + " records and says " + expected);
    }
    if (in.read() >= 0) {
      throw damaged("it goes on behind its end");
    }
  }

  /** How many records were read. */
  public long records() {
    return records;
  }

  /** How many bytes were read. */
  public long bytes() {
    return bytes;
  }

  private void requireSum(int sum) throws IOException {
    long at = bytes;
    if (readInt() != sum) {
      throw damaged("the checksum at byte " + at + " is wrong");
    }
  }

  private int readInt() throws IOException {
    return ByteBuffer.wrap(take(read(Integer.BYTES))).getInt();
  }

  private byte[] readBlock(int length, int most) throws IOException {
    if (length < 0 || length > most) {
      throw damaged("the length at byte " + (bytes - Integer.BYTES) + " is " + length);
    }
    return take(read(length));
  }

  private byte[] read(int length) throws IOException {
    byte[] read = in.readNBytes(length);
    bytes += read.length;
    if (read.length < length) {
      throw damaged("it ends after " + bytes + " bytes");
    }
    return read;
  }

  private byte[] take(byte[] read) {
    all.update(read);
    return read;
  }

  private JangadaException damaged(String how) {
    return damaged(how, null);
  }

  private JangadaException damaged(String how, @Nullable Throwable cause) {
    return new JangadaException(
        ErrorCode.STORAGE_ERROR,
        "expected " + name + " to be as it was written, but " + how,
        "the file is damaged: use another backup",
        true,
        cause);
  }
}
