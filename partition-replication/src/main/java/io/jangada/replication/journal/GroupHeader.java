// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import java.util.UUID;

/**
 * What a group says of itself. It names its own place, so that a file or a part of one that was put
 * elsewhere is recognised.
 *
 * @param directoryId of the log directory
 * @param incarnation raised each time the journal is started
 * @param sequence raised by one for each group, over files and incarnations
 * @param durableSequence the last group that was durable when this one was written
 * @param oldestSequence the first group of the oldest file that was still needed when this one was
 *     written
 * @param highestNumber of all entries in this group and before
 * @param file the number of the file that it was written to
 * @param position in that file
 * @param fileBytes the size of that file
 * @param nextFile the number of the file in which the journal goes on; 0 = in this one
 * @param bodyBytes of the entries
 * @param entries in it
 * @param bodyCrc CRC32C of the entries
 */
record GroupHeader(
    UUID directoryId,
    long incarnation,
    long sequence,
    long durableSequence,
    long oldestSequence,
    long highestNumber,
    int file,
    long position,
    long fileBytes,
    int nextFile,
    int bodyBytes,
    int entries,
    int bodyCrc) {
  int stamp() {
    return GroupFormat.stamp(directoryId, incarnation, sequence);
  }

  int groupBytes() {
    return Math.toIntExact(GroupFormat.groupBytes(bodyBytes));
  }
}
