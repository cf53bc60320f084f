// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Txn;

/** How our own tables are written: big-endian integers, so that LMDB's order is theirs. */
final class Layout {
  private static final byte[] POSITION = "position".getBytes(StandardCharsets.UTF_8);

  private Layout() {}

  static byte[] key(long index) {
    return ByteBuffer.allocate(Long.BYTES).putLong(index).array();
  }

  static byte[] encode(Change change) {
    return ByteBuffer.allocate(2 * Long.BYTES + change.records().length)
        .putLong(change.prevIndex())
        .putLong(change.controllerEpoch())
        .put(change.records())
        .array();
  }

  /** Copies: the buffers are gone with the transaction. */
  static Change decode(ByteBuffer key, ByteBuffer value) {
    ByteBuffer in = value.duplicate();
    long prevIndex = in.getLong();
    long controllerEpoch = in.getLong();
    return new Change(prevIndex, key.getLong(key.position()), controllerEpoch, bytes(in));
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  static StorePosition position(LmdbEnvironment env) {
    try (Txn<ByteBuffer> txn = env.read()) {
      @Nullable ByteBuffer value = env.meta().get(txn, direct(POSITION));
      return value == null
          ? StorePosition.EMPTY
          : new StorePosition(value.getLong(), value.getLong());
    }
  }

  static void putPosition(LmdbEnvironment env, Txn<ByteBuffer> txn, StorePosition position) {
    ByteBuffer value = ByteBuffer.allocateDirect(2 * Long.BYTES);
    value.putLong(position.term()).putLong(position.index()).flip();
    env.meta().put(txn, direct(POSITION), value);
  }

  static long lastChange(LmdbEnvironment env) {
    try (Txn<ByteBuffer> txn = env.read()) {
      return lastChange(env, txn);
    }
  }

  /** The index of the newest change, or 0 where there is none: the state before all changes. */
  static long lastChange(LmdbEnvironment env, Txn<ByteBuffer> txn) {
    try (Cursor<ByteBuffer> cursor = env.changes().openCursor(txn)) {
      return cursor.last() ? cursor.key().getLong(cursor.key().position()) : 0;
    }
  }
}
