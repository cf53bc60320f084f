// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

/**
 * What a store reflects.
 *
 * @param term the Raft term of the last entry; 0 where that does not matter
 * @param index the index of the last entry; -1 for an empty store
 */
public record StorePosition(long term, long index) {
  /** Nothing was ever written. */
  public static final StorePosition EMPTY = new StorePosition(0, -1);
}
