// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

import com.google.protobuf.ByteString;
import io.jangada.api.v1.TopicRef;
import java.util.List;

/**
 * A topic.
 *
 * @param name its name
 * @param id 16 bytes
 * @param index of the metadata log that this was last taken from
 * @param maxBatchBytes what the topic takes as one batch, as far as the broker says
 * @param partitions from 0 on
 */
public record TopicView(
    String name, ByteString id, long index, int maxBatchBytes, List<PartitionView> partitions) {
  /** How requests name it. */
  public TopicRef ref() {
    return TopicRef.newBuilder().setName(name).setId(id).build();
  }

  /** A partition, or {@link PartitionView#UNKNOWN} where the topic has none of that number. */
  public PartitionView partition(int number) {
    return number >= 0 && number < partitions.size()
        ? partitions.get(number)
        : PartitionView.UNKNOWN;
  }
}
