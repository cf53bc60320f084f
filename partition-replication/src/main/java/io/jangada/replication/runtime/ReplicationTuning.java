// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

/**
 * What may change while the partitions run. Immutable.
 *
 * @param lagTimeMaxMs how long an ISR member may lag
 * @param appendBytes batches that wait for an event loop or for acknowledgements
 * @param parkedReaders readers that wait for the high watermark
 */
public record ReplicationTuning(long lagTimeMaxMs, long appendBytes, int parkedReaders) {
  static ReplicationTuning of(ReplicationConfig config) {
    return new ReplicationTuning(
        config.replica().lagTimeMaxMs(),
        config.limits().appendBytes(),
        config.limits().parkedReaders());
  }
}
