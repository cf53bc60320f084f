// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.replication.storage.AlignedBuffers;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Lays groups out in one aligned direct buffer, which grows as groups do; beyond the usual size of
 * a group only for as long as an entry needs it. Used by one thread.
 */
final class GroupEncoder {
  private static final int FIRST_BYTES = 64 << 10;

  private final int usualBytes;
  private ByteBuffer buffer = AlignedBuffers.allocate(FIRST_BYTES);

  GroupEncoder(int groupBytes) {
    usualBytes = Math.toIntExact(GroupFormat.groupBytes(groupBytes));
  }

  /**
   * The group, from position 0 to its limit; valid until the next call.
   *
   * @param header without its checksum
   */
  ByteBuffer encode(GroupHeader header, List<QueuedEntry> entries) {
    ByteBuffer group = buffer(header.groupBytes());
    group.clear().position(GroupFormat.bodyAt(header.bodyBytes()));
    for (QueuedEntry each : entries) {
      EntryFormat.write(group, each.number(), each.entry());
    }
    group.clear();
    GroupFormat.seal(group, header);
    return group;
  }

  private ByteBuffer buffer(int bytes) {
    if (bytes > buffer.capacity() || (buffer.capacity() > usualBytes && bytes <= usualBytes)) {
      int capacity = Math.min(buffer.capacity(), usualBytes);
      while (capacity < bytes && capacity < usualBytes) {
        capacity = Math.min(2 * capacity, usualBytes);
      }
      buffer = AlignedBuffers.allocate(Math.max(capacity, bytes));
    }
    return buffer;
  }
}
