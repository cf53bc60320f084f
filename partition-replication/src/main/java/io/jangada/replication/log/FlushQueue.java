// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

/** Where logs announce what waits for their files. Thread-safe; no call blocks. */
public interface FlushQueue {
  /** So many more (or, below 0, fewer) bytes of the log wait in memory. */
  void pending(PartitionLog log, long deltaBytes);

  /** The log has enough for a write that is worth it, or a mark to be reached. */
  void ready(PartitionLog log);
}
