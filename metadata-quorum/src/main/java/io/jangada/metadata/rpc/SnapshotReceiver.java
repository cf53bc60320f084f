// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** Takes a snapshot in, piece by piece, into a file of its own. */
final class SnapshotReceiver implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final CRC32C crc = new CRC32C();
  private final long lengthBytes;

  SnapshotReceiver(Path file, long lengthBytes) throws IOException {
    this.file = file;
    this.lengthBytes = lengthBytes;
    this.channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
  }

  void chunk(ByteString data) throws IOException {
    for (ByteBuffer piece : data.asReadOnlyByteBufferList()) {
      crc.update(piece.duplicate());
      while (piece.hasRemaining()) {
        channel.write(piece);
      }
    }
  }

  /** The file, whole and checked. */
  Path end(int crc32c) throws IOException {
    long received = channel.size();
    if (received != lengthBytes || (int) crc.getValue() != crc32c) {
      throw new IOException(
          "expected a snapshot of "
              + lengthBytes
              + " bytes with checksum "
              + crc32c
              + ", but got "
              + received
              + " with "
              + (int) crc.getValue());
    }
    return file;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}
