// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.util.List;

/**
 * Sees records before {@code poll} returns them, and may replace or drop them; the position moves
 * over all of them. Interceptors run in their order, on the thread that polls. What it throws is
 * logged, and the records go on as they were.
 */
@FunctionalInterface
public interface ConsumerInterceptor {
  /**
   * What goes on to the next interceptor, and out.
   *
   * @param records at least one; not to be changed
   */
  List<ConsumerRecord> onRecords(List<ConsumerRecord> records);
}
