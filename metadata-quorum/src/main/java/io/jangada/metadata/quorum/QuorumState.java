// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.MetadataCodec;
import io.jangada.metadata.machine.Applied;
import io.jangada.metadata.machine.MetadataMachine;
import io.jangada.metadata.publish.DeltaPublisher;
import io.jangada.metadata.ratis.LogPosition;
import io.jangada.metadata.ratis.ReplicatedState;
import io.jangada.metadata.replica.LocalMetadata;
import io.jangada.metadata.store.StorePosition;
import java.nio.file.Path;

/** What entries of the metadata log do on a member: machine, store, subscribers, in this order. */
final class QuorumState implements ReplicatedState<Applied> {
  private final LocalMetadata metadata;
  private final DeltaPublisher publisher;

  QuorumState(LocalMetadata metadata, DeltaPublisher publisher) {
    this.metadata = metadata;
    this.publisher = publisher;
  }

  @Override
  public LogPosition position() {
    StorePosition position = metadata.position();
    return new LogPosition(position.term(), position.index());
  }

  @Override
  public Applied apply(LogPosition position, byte[] entry) {
    ConditionalBatch batch = MetadataCodec.decodeBatch(entry);
    Applied applied = MetadataMachine.apply(metadata.image(), position.index(), batch);
    metadata
        .commit(new StorePosition(position.term(), position.index()), applied.delta())
        .ifPresentOrElse(publisher::published, publisher::advanced);
    return applied;
  }

  @Override
  public void snapshot(LogPosition position, Path file) {
    metadata.snapshot(new StorePosition(position.term(), position.index()), file);
  }

  @Override
  public void install(Path file) {
    metadata.replaceWith(file);
    publisher.replaced();
  }

  @Override
  public void closing() {
    metadata.endWaiting();
  }
}
