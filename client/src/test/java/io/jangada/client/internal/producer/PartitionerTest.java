// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.client.internal.metadata.PartitionView;
import io.jangada.client.internal.metadata.TopicView;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class PartitionerTest {
  @Property(tries = 500)
  void keysGoWhereKafkasProducerSendsThem(
      @ForAll byte[] key, @ForAll @IntRange(min = 1, max = 1000) int partitions) {
    assertThat(Murmur2.hash(key)).isEqualTo(Utils.murmur2(key));
    assertThat(Murmur2.partition(key, partitions))
        .isEqualTo(Utils.toPositive(Utils.murmur2(key)) % partitions);
  }

  @Test
  void withoutKeyAPartitionIsFilledBeforeTheNext() {
    TopicView topic = topic(Collections.nCopies(4, new PartitionView(1, 1, List.of())));
    StickyPartitions sticky = new StickyPartitions(100);
    int[] bytes = new int[4];
    int changes = 0;
    int last = -1;
    for (int i = 0; i < 4000; i++) {
      int next = sticky.next(topic, 10);
      bytes[next] += 10;
      changes += next == last ? 0 : 1;
      last = next;
    }
    assertThat(changes).isEqualTo(400);
    for (int each : bytes) {
      assertThat(each).isBetween(5000, 15000);
    }
  }

  @Test
  void withoutKeyAPartitionWithoutLeaderIsPassedOver() {
    TopicView topic =
        topic(
            List.of(
                new PartitionView(-1, 1, List.of()),
                new PartitionView(2, 1, List.of()),
                new PartitionView(-1, 1, List.of())));
    StickyPartitions sticky = new StickyPartitions(10);
    for (int i = 0; i < 20; i++) {
      assertThat(sticky.next(topic, 10)).isEqualTo(1);
    }
  }

  private static TopicView topic(List<PartitionView> partitions) {
    return new TopicView("t", ByteString.EMPTY, 1, Integer.MAX_VALUE, partitions);
  }
}
