// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.MetadataDeltaEvent;
import io.jangada.internal.v1.MetadataEvent;
import io.jangada.internal.v1.Progress;
import io.jangada.internal.v1.SnapshotBegin;
import io.jangada.internal.v1.SnapshotChunk;
import io.jangada.internal.v1.SnapshotEnd;
import io.jangada.metadata.publish.DeltaPublisher;
import io.jangada.metadata.publish.DeltaSink;
import io.jangada.metadata.store.Change;
import io.jangada.wire.WireErrors;
import java.util.Optional;
import java.util.UUID;

/**
 * One subscriber's connection at a member. The encoded records are shared by all subscribers, not
 * copied for each.
 */
final class SubscriberStream implements DeltaSink {
  private final ServerCallStreamObserver<MetadataEvent> responses;
  private boolean ended;

  SubscriberStream(ServerCallStreamObserver<MetadataEvent> responses) {
    this.responses = responses;
  }

  /** Must be called inside the call's handler, because handlers can be set only there. */
  void start(MemberEndpoint member, long fromIndex, Optional<UUID> history) {
    DeltaPublisher.Handle handle = member.subscribe(fromIndex, history, this);
    responses.setOnReadyHandler(handle::ready);
    responses.setOnCancelHandler(handle::cancel);
    // The stream may have become ready or cancelled before the handlers were set.
    handle.ready();
  }

  @Override
  public boolean ready() {
    return !ended && responses.isReady();
  }

  @Override
  public void change(Change change) {
    send(
        MetadataEvent.newBuilder()
            .setDelta(
                MetadataDeltaEvent.newBuilder()
                    .setPrevIndex(change.prevIndex())
                    .setIndex(change.index())
                    .setControllerEpoch(change.controllerEpoch())
                    .setRecords(UnsafeByteOperations.unsafeWrap(change.records()))));
  }

  @Override
  public void snapshotBegin(long index, long lengthBytes) {
    send(
        MetadataEvent.newBuilder()
            .setSnapshotBegin(
                SnapshotBegin.newBuilder().setIndex(index).setLengthBytes(lengthBytes)));
  }

  @Override
  public void snapshotChunk(byte[] data) {
    send(
        MetadataEvent.newBuilder()
            .setSnapshotChunk(
                SnapshotChunk.newBuilder().setData(UnsafeByteOperations.unsafeWrap(data))));
  }

  @Override
  public void snapshotEnd(int crc32c) {
    send(MetadataEvent.newBuilder().setSnapshotEnd(SnapshotEnd.newBuilder().setCrc32C(crc32c)));
  }

  @Override
  public void progress(long index) {
    send(MetadataEvent.newBuilder().setProgress(Progress.newBuilder().setIndex(index)));
  }

  @Override
  public void failed(JangadaException error) {
    send(MetadataEvent.newBuilder().setError(WireErrors.toWire(error)));
    if (!ended) {
      ended = true;
      if (!responses.isCancelled()) {
        responses.onCompleted();
      }
    }
  }

  private void send(MetadataEvent.Builder event) {
    if (!ended && !responses.isCancelled()) {
      responses.onNext(event.build());
    }
  }
}
