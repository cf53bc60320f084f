// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.group;

import io.jangada.common.TopicPartition;
import java.util.Comparator;

/** The order in which people read partitions. */
final class ByName {
  static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private ByName() {}
}
