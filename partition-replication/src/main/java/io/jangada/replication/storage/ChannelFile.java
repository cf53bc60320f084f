// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file through its channel; the channel's own position is where the appending thread writes. */
final class ChannelFile implements StorageFile {
  private final FileChannel channel;

  ChannelFile(FileChannel channel) throws IOException {
    this.channel = channel;
    channel.position(channel.size());
  }

  @Override
  public void append(ByteBuffer[] buffers) throws IOException {
    long remaining = 0;
    for (ByteBuffer buffer : buffers) {
      remaining += buffer.remaining();
    }
    while (remaining > 0) {
      remaining -= channel.write(buffers);
    }
  }

  @Override
  public void write(ByteBuffer from, long position) throws IOException {
    long at = position;
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
    endsAtLeast(at);
  }

  /** Where the next append writes. */
  long end() throws IOException {
    return channel.position();
  }

  /** Something was written up to there, past this channel perhaps. */
  void endsAtLeast(long position) throws IOException {
    if (position > channel.position()) {
      channel.position(position);
    }
  }

  @Override
  public int alignmentBytes() {
    return 1;
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    int total = 0;
    while (into.hasRemaining()) {
      int count = channel.read(into, position + total);
      if (count < 0) {
        break;
      }
      total += count;
    }
    return total;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    channel.force(metadata);
  }

  @Override
  public void truncate(long size) throws IOException {
    channel.truncate(size);
    channel.position(size);
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
