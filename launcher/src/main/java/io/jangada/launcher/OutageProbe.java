// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.time.Duration;
import java.util.List;

/**
 * Measures, as a client sees it, what the death of a broker costs. A service (found with {@link
 * java.util.ServiceLoader}), because those who kill brokers may not know the client. Not
 * thread-safe.
 */
public interface OutageProbe {
  /**
   * Starts to produce into a topic of its own, to partitions that the broker leads, and returns
   * once records are acknowledged.
   *
   * @param bootstrap host:port of gRPC listeners
   * @param brokerId the one that is going to die
   * @param timeout for each wait, here and in {@link Measurement#finish}
   * @throws io.jangada.common.JangadaException if the topic can't be made or nothing is
   *     acknowledged
   */
  Measurement begin(List<String> bootstrap, int brokerId, Duration timeout)
      throws InterruptedException;

  /** A running measurement; closing it deletes its topic. */
  interface Measurement extends AutoCloseable {
    /**
     * Call after the death: waits until what is sent from now on is acknowledged on every
     * partition, and reads everything back.
     */
    Outage finish() throws InterruptedException;

    @Override
    void close();
  }

  /**
   * What it cost.
   *
   * @param longestGapMs the longest time without an acknowledgement on any one of the partitions
   * @param acknowledged records that were acknowledged
   * @param lost acknowledged records that could not be read back
   * @param duplicated records that were read back more than once
   */
  record Outage(long longestGapMs, long acknowledged, long lost, long duplicated) {}
}
