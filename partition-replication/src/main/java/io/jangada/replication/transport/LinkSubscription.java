// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.jangada.common.JangadaException;
import io.jangada.internal.v1.Section;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.PartitionEffect;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One subscription on a link. Lives on the link's event loop. */
final class LinkSubscription {
  private final FollowingPartition partition;
  private final PartitionEffect.Subscribe subscribe;
  private final LeaderLink link;
  private int index;

  /** A batch larger than a frame, being put together. */
  private @Nullable ByteBuffer chunked;

  LinkSubscription(
      FollowingPartition partition, PartitionEffect.Subscribe subscribe, LeaderLink link) {
    this.partition = partition;
    this.subscribe = subscribe;
    this.link = link;
  }

  FollowingPartition partition() {
    return partition;
  }

  PartitionEffect.Subscribe subscribe() {
    return subscribe;
  }

  LeaderLink link() {
    return link;
  }

  long session() {
    return subscribe.session();
  }

  int index() {
    return index;
  }

  void index(int value) {
    index = value;
  }

  /**
   * The whole batches that the section completes.
   *
   * @throws JangadaException {@code CORRUPT_MESSAGE} if what was pushed are no batches
   */
  List<RecordBatch> take(Section section, ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      // A high watermark may come between the chunks of a batch.
      return List.of();
    }
    ByteBuffer whole = bytes;
    ByteBuffer begun = chunked;
    if (begun != null || section.getRemaining() > 0) {
      ByteBuffer target =
          begun != null
              ? begun
              : ByteBuffer.allocate(Math.addExact(bytes.remaining(), section.getRemaining()));
      target.put(bytes);
      chunked = section.getRemaining() > 0 ? target : null;
      if (section.getRemaining() > 0) {
        return List.of();
      }
      whole = target.flip();
    }
    List<RecordBatch> batches = new ArrayList<>();
    while (whole.hasRemaining()) {
      RecordBatch batch = RecordBatch.at(whole);
      batches.add(batch);
      whole.position(whole.position() + batch.sizeInBytes());
    }
    return batches;
  }
}
