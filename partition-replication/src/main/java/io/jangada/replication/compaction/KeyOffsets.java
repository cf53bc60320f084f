// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.compaction;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * The newest offset of each key, in bounded memory: of a key it has 128 bits of hash (as Kafka's
 * {@code SkimpyOffsetMap}), so that what a key takes does not depend on its length. Two keys are
 * taken for one with a probability of about n² / 2¹²⁹. Not thread-safe.
 */
public final class KeyOffsets {
  /** What {@link #newest} says of a key that was never put. */
  public static final long UNKNOWN = -1;

  /** Bytes for one slot. */
  public static final int SLOT_BYTES = 3 * Long.BYTES;

  /** Less makes no sense. */
  public static final long MIN_BYTES = 16 * SLOT_BYTES;

  private static final int SLOT_LONGS = 3;
  private static final long MAX_KEYS = 1 << 30;

  /** Three of four slots are filled at most, or looking for a place takes too long. */
  private static final int FULL_OF_4 = 3;

  private final KeyHash hash;
  private final int slots;
  private final int maxKeys;

  /** Two halves of the hash and offset + 1, which is 0 in a slot that is free. */
  private final MemorySegment table;

  private int size;

  /**
   * An empty map.
   *
   * @param memory zeros, as many as {@link #bytesFor} says or fewer, and not below {@link
   *     #MIN_BYTES}; it is not to be used for anything else
   * @param secret0 of the hash, together with the next; nobody should be able to guess it
   */
  public KeyOffsets(MemorySegment memory, long secret0, long secret1) {
    slots = (int) Math.min(memory.byteSize() / SLOT_BYTES, Integer.MAX_VALUE / SLOT_LONGS - 1);
    maxKeys = (int) ((long) slots * FULL_OF_4 / 4);
    table = memory;
    hash = new KeyHash(secret0, secret1);
  }

  /** Memory that holds so many keys for certain. */
  public static long bytesFor(long keys) {
    return Math.max(MIN_BYTES, (Math.min(keys, MAX_KEYS) * 4 / FULL_OF_4 + 1) * SLOT_BYTES);
  }

  /** Keys in it. */
  public int size() {
    return size;
  }

  /**
   * Notes the newest offset of a key.
   *
   * @param key a part of it, big-endian
   * @param offset above those put before
   * @return false if there is no room for another key: nothing has changed then
   */
  public boolean put(ByteBuffer key, int at, int length, long offset) {
    int slot = slotOf(key, at, length);
    if (at(slot + 2) == 0) {
      if (size == maxKeys) {
        return false;
      }
      size++;
      set(slot, hash.first());
      set(slot + 1, hash.second());
    }
    set(slot + 2, offset + 1);
    return true;
  }

  /** The newest offset of a key, or {@link #UNKNOWN}. */
  public long newest(ByteBuffer key, int at, int length) {
    return at(slotOf(key, at, length) + 2) - 1;
  }

  private long at(int i) {
    return table.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i);
  }

  private void set(int i, long value) {
    table.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, value);
  }

  /** Where the key is, or is to go. */
  private int slotOf(ByteBuffer key, int at, int length) {
    hash.hash(key, at, length);
    long first = hash.first();
    long second = hash.second();
    int i = (int) Long.remainderUnsigned(first, slots);
    while (true) {
      int slot = i * SLOT_LONGS;
      if (at(slot + 2) == 0 || (at(slot) == first && at(slot + 1) == second)) {
        return slot;
      }
      i++;
      if (i == slots) {
        i = 0;
      }
    }
  }
}
