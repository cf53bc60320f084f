// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.publish;

import io.jangada.common.JangadaException;
import io.jangada.metadata.store.Change;

/**
 * Where a subscriber's events go. Called on the publisher's thread only, must not block; what it
 * buffers is bounded by its saying that it is not ready.
 */
public interface DeltaSink {
  /** Whether more should be sent now. */
  boolean ready();

  /** A change that follows the one sent before. */
  void change(Change change);

  /** The whole state follows, at least as new as that index. */
  void snapshotBegin(long index, long lengthBytes);

  /** A piece of it; the array is the receiver's. */
  void snapshotChunk(byte[] data);

  /** All pieces were sent. */
  void snapshotEnd(int crc32c);

  /** Nothing new; this is how far the member is. */
  void progress(long index);

  /** The subscription ends with an error. */
  void failed(JangadaException error);
}
