// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OffsetsTopicTest {
  @Test
  void groupsFallOnTheSamePartitionsAsInKafka() {
    // GroupCoordinator.partitionFor of Kafka 4.3.1 says so.
    assertThat("console-consumer".hashCode()).isNegative();
    assertThat(OffsetsTopic.partitionOf("console-consumer", 50)).isEqualTo(40);
    assertThat(OffsetsTopic.partitionOf("", 50)).isZero();
    assertThat("polygenelubricants".hashCode()).isEqualTo(Integer.MIN_VALUE);
    assertThat(OffsetsTopic.partitionOf("polygenelubricants", 50)).isZero();
  }
}
