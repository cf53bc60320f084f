// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import java.util.Set;

/** Topics that the cluster keeps for itself, under the names that Kafka's clients know. */
public final class InternalTopics {
  /** The state of consumer groups, the committed offsets above all. */
  public static final String OFFSETS = "__consumer_offsets";

  /** The state of transactions. */
  public static final String TRANSACTIONS = "__transaction_state";

  private static final Set<String> ALL = Set.of(OFFSETS, TRANSACTIONS);

  private InternalTopics() {}

  /** Whether nobody but the cluster writes to it. */
  public static boolean isInternal(String topic) {
    return ALL.contains(topic);
  }
}
