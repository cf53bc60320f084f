// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

/** A reader that waits; costs memory, no thread. */
public interface ParkedReader extends AutoCloseable {
  /** Forgets the reader; it is not called back any more, unless that has begun. Idempotent. */
  @Override
  void close();
}
