// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How a group lies in its file: whole blocks of 4 KiB, made of sectors of 512 bytes.
 *
 * <pre>
 * sector 0   0 magic int64          | 48 durableSequence int64 | 88 nextFile int32
 *            8 version int32        | 56 oldestSequence int64  | 92 bodyBytes int32
 *           12 file int32           | 64 highestNumber int64   | 96 entries int32
 *           16 directoryId 16 bytes | 72 position int64        |100 bodyCrc int32 (CRC32C)
 *           32 incarnation int64    | 80 fileBytes int64       |104 headerCrc int32 (CRC32C of 0..103)
 *           40 sequence int64       |                          |108 displaced words… 508 stamp
 * sectors…   0 displaced words… 508 stamp                      (if there are more than fit above)
 * sectors…   0 entries, one after the other… 508 stamp
 * zeros to the end of the block
 * </pre>
 *
 * <p>A disk writes a sector whole or not at all, but the sectors of a group in any order. So each
 * sector ends with the group's stamp, and the word that belongs there is displaced to the front. A
 * sector without the stamp was never written: the group is torn, and was not durable. A group with
 * all its stamps whose checksum is wrong was written to its end and then damaged. (The trick is the
 * update sequence array of NTFS.)
 */
final class GroupFormat {
  static final int SECTOR_BYTES = 512;
  static final int HEADER_BYTES = 108;
  private static final long MAGIC = 0x4a4e_4744_4a52_4e4cL; // JNGDJRNL
  private static final int VERSION = 1;
  private static final int VERSION_AT = 8;
  private static final int HEADER_CRC_AT = 104;
  private static final int STAMP_AT = SECTOR_BYTES - Integer.BYTES;
  private static final int WORDS_IN_FIRST = (STAMP_AT - HEADER_BYTES) / Integer.BYTES;
  private static final int WORDS_IN_OTHERS = STAMP_AT / Integer.BYTES;

  /** A stamp that differs in no more bits was written and then damaged. */
  private static final int NEAR_BITS = 4;

  private static final int MIN_STAMP_BITS = 10;
  private static final int MAX_STAMP_BITS = 22;

  private GroupFormat() {}

  private static int bodySectors(int bodyBytes) {
    return (bodyBytes + SECTOR_BYTES - 1) / SECTOR_BYTES;
  }

  /** Where the entries begin. */
  static int bodyAt(int bodyBytes) {
    int more = Math.max(0, bodySectors(bodyBytes) - WORDS_IN_FIRST);
    return SECTOR_BYTES * (1 + (more + WORDS_IN_OTHERS - 1) / WORDS_IN_OTHERS);
  }

  /** Bytes of the whole group, padding included. */
  static long groupBytes(int bodyBytes) {
    long sectors = (long) bodyAt(bodyBytes) + (long) bodySectors(bodyBytes) * SECTOR_BYTES;
    return (sectors + JournalConfig.BLOCK_BYTES - 1)
        / JournalConfig.BLOCK_BYTES
        * JournalConfig.BLOCK_BYTES;
  }

  /** A word that no other group's sectors end with, with neither few nor many bits set. */
  static int stamp(UUID directoryId, long incarnation, long sequence) {
    long mixed =
        mix(
            mix(directoryId.getMostSignificantBits() ^ mix(directoryId.getLeastSignificantBits()))
                + mix(incarnation)
                + sequence);
    while (Integer.bitCount((int) mixed) < MIN_STAMP_BITS
        || Integer.bitCount((int) mixed) > MAX_STAMP_BITS) {
      mixed = mix(mixed);
    }
    return (int) mixed;
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long value) {
    long mixed = value + 0x9e37_79b9_7f4a_7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return mixed ^ (mixed >>> 31);
  }

  private static int wordAt(int word) {
    if (word < WORDS_IN_FIRST) {
      return HEADER_BYTES + word * Integer.BYTES;
    }
    int beyond = word - WORDS_IN_FIRST;
    return (1 + beyond / WORDS_IN_OTHERS) * SECTOR_BYTES + beyond % WORDS_IN_OTHERS * Integer.BYTES;
  }

  /**
   * Finishes the group whose entries lie in the buffer from {@link #bodyAt} on: checksums, header,
   * displaced words, stamps, padding.
   *
   * @param group is left with position 0 and the limit behind the group
   * @param header whose bodyCrc is not looked at
   */
  static void seal(ByteBuffer group, GroupHeader header) {
    int bodyAt = bodyAt(header.bodyBytes());
    int groupBytes = header.groupBytes();
    for (int at = bodyAt + header.bodyBytes(); at < groupBytes; at++) {
      group.put(at, (byte) 0);
    }
    int stamp = header.stamp();
    int bodyCrc = crc(group, bodyAt, header.bodyBytes());
    int sectors = bodySectors(header.bodyBytes());
    for (int i = 0; i < sectors; i++) {
      int stampAt = bodyAt + i * SECTOR_BYTES + STAMP_AT;
      group.putInt(wordAt(i), group.getInt(stampAt));
      group.putInt(stampAt, stamp);
    }
    for (int at = wordAt(sectors); at < bodyAt; at += Integer.BYTES) {
      group.putInt(at, 0);
    }
    for (int at = STAMP_AT; at < bodyAt; at += SECTOR_BYTES) {
      group.putInt(at, stamp);
    }
    group.limit(groupBytes).position(0);
    group.putLong(MAGIC).putInt(VERSION).putInt(header.file());
    group.putLong(header.directoryId().getMostSignificantBits());
    group.putLong(header.directoryId().getLeastSignificantBits());
    group.putLong(header.incarnation()).putLong(header.sequence());
    group.putLong(header.durableSequence()).putLong(header.oldestSequence());
    group.putLong(header.highestNumber()).putLong(header.position()).putLong(header.fileBytes());
    group.putInt(header.nextFile()).putInt(header.bodyBytes()).putInt(header.entries());
    group.putInt(bodyCrc);
    group.putInt(HEADER_CRC_AT, crc(group, 0, HEADER_CRC_AT));
    group.position(0);
  }

  /** The header of the group that begins at the buffer's start; null if none does. */
  static @Nullable GroupHeader header(ByteBuffer at) {
    if (at.limit() < SECTOR_BYTES
        || at.getLong(0) != MAGIC
        || at.getInt(VERSION_AT) != VERSION
        || at.getInt(HEADER_CRC_AT) != crc(at, 0, HEADER_CRC_AT)) {
      return null;
    }
    return new GroupHeader(
        new UUID(at.getLong(16), at.getLong(24)),
        at.getLong(32),
        at.getLong(40),
        at.getLong(48),
        at.getLong(56),
        at.getLong(64),
        at.getInt(12),
        at.getLong(72),
        at.getLong(80),
        at.getInt(88),
        at.getInt(92),
        at.getInt(96),
        at.getInt(100));
  }

  /** The version of what claims to be a group; 0 if it does not. */
  static int version(ByteBuffer at) {
    return at.limit() >= SECTOR_BYTES && at.getLong(0) == MAGIC ? at.getInt(VERSION_AT) : 0;
  }

  /** Whether the version is the one that is written and read here. */
  static boolean isKnown(int version) {
    return version == VERSION;
  }

  /** Whether the sector at the buffer's start was written as part of the group with the stamp. */
  static boolean isStamped(ByteBuffer at, int stamp) {
    return at.limit() >= SECTOR_BYTES && isNear(at.getInt(STAMP_AT), stamp);
  }

  private static boolean isNear(int word, int stamp) {
    return Integer.bitCount(word ^ stamp) <= NEAR_BITS;
  }

  /**
   * Puts the displaced words back and compares the checksum.
   *
   * @param group the whole group with a good header; changed
   */
  static GroupState open(ByteBuffer group, GroupHeader header) {
    int stamp = header.stamp();
    int bodyAt = bodyAt(header.bodyBytes());
    int unwritten = 0;
    int damaged = 0;
    for (int at = STAMP_AT; at < bodyAt; at += SECTOR_BYTES) {
      int word = group.getInt(at);
      unwritten += isNear(word, stamp) ? 0 : 1;
      damaged += word != stamp && isNear(word, stamp) ? 1 : 0;
    }
    int sectors = bodySectors(header.bodyBytes());
    for (int i = 0; i < sectors; i++) {
      int stampAt = bodyAt + i * SECTOR_BYTES + STAMP_AT;
      int word = group.getInt(stampAt);
      unwritten += isNear(word, stamp) ? 0 : 1;
      damaged += word != stamp && isNear(word, stamp) ? 1 : 0;
      group.putInt(stampAt, group.getInt(wordAt(i)));
    }
    if (crc(group, bodyAt, header.bodyBytes()) == header.bodyCrc()) {
      return GroupState.GOOD;
    }
    if (unwritten == 0) {
      return GroupState.DAMAGED;
    }
    return damaged == 0 ? GroupState.TORN : GroupState.SUSPECT;
  }

  private static int crc(ByteBuffer buffer, int at, int bytes) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(at, bytes));
    return (int) crc.getValue();
  }
}
