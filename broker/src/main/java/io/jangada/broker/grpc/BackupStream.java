// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.jangada.api.v1.BackupMetadataRequest;
import io.jangada.api.v1.BackupMetadataResponse;
import io.jangada.backup.BackupEncoder;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.SettingsAdmin;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.BackupHeaderProto;
import io.jangada.metadata.command.MetadataCodec;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.image.ClusterImage;
import io.jangada.metadata.image.MetadataImage;
import java.io.ByteArrayOutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A backup of the metadata on its way to one client, as fast as that takes it. Images do not
 * change, so the backup is of one moment, however long it takes. Its state is guarded by itself;
 * gRPC's observer of the call must not be used by two threads at once.
 */
final class BackupStream {
  private static final int FRAME_BYTES = 128 * 1024;

  private final ServerCallStreamObserver<BackupMetadataResponse> call;
  private final BackupEncoder encoder = new BackupEncoder();
  private @Nullable Iterator<MetadataRecord> records;

  private BackupStream(ServerCallStreamObserver<BackupMetadataResponse> call) {
    this.call = call;
  }

  /**
   * Sends what this node has, once it has what the controller knows, unless that may not be asked.
   */
  static void send(
      BackupMetadataRequest request,
      ServerCallStreamObserver<BackupMetadataResponse> call,
      ClusterMetadata metadata,
      SettingsAdmin controller) {
    BackupStream stream = new BackupStream(call);
    call.setOnReadyHandler(stream::advance);
    call.setOnCancelHandler(stream::end);
    if (request.getLocal()) {
      stream.start(metadata.image());
      return;
    }
    var unused =
        controller
            .setFeatureLevel(metadata.image().cluster().featureLevel(), true)
            .whenComplete(
                (caughtUp, error) -> {
                  if (error == null) {
                    stream.start(metadata.image());
                  } else {
                    stream.fail(error);
                  }
                });
  }

  private synchronized void start(MetadataImage image) {
    ClusterImage cluster = image.cluster();
    UUID clusterId = cluster.clusterId();
    UUID historyId = cluster.historyId();
    if (clusterId == null || historyId == null) {
      fail(
          new JangadaException(
              ErrorCode.UNAVAILABLE,
              "expected a broker that knows the metadata, but this one has heard nothing yet"));
      return;
    }
    records = image.toRecords().iterator();
    send(
        encoder.begin(
            BackupHeaderProto.newBuilder()
                .setClusterId(clusterId.toString())
                .setHistoryId(historyId.toString())
                .setIndex(image.index())
                .setFeatureLevel(cluster.featureLevel())
                .setCreatedMs(System.currentTimeMillis())
                .build()));
    advance();
  }

  private synchronized void fail(Throwable error) {
    call.onError(Failures.toStatus(error));
  }

  private synchronized void end() {
    records = null;
  }

  private synchronized void advance() {
    while (records != null && call.isReady()) {
      if (records.hasNext()) {
        sendFrame(records);
      } else {
        records = null;
        send(encoder.end());
        call.onCompleted();
      }
    }
  }

  private void sendFrame(Iterator<MetadataRecord> from) {
    // Lists of records, one behind the other, are a list of records.
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    int count = 0;
    while (from.hasNext() && frame.size() < FRAME_BYTES) {
      frame.writeBytes(MetadataCodec.encodeRecords(List.of(from.next())));
      count++;
    }
    send(encoder.frame(frame.toByteArray(), count));
  }

  private void send(byte[] piece) {
    call.onNext(
        BackupMetadataResponse.newBuilder()
            .setData(com.google.protobuf.UnsafeByteOperations.unsafeWrap(piece))
            .build());
  }
}
