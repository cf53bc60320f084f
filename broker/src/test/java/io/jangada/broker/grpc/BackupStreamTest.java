// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.AdminServiceGrpc;
import io.jangada.api.v1.BackupMetadataRequest;
import io.jangada.api.v1.BackupMetadataResponse;
import io.jangada.backup.BackupDecoder;
import io.jangada.broker.service.SettingsAdmin;
import io.jangada.common.ErrorCode;
import io.jangada.internal.v1.BackupHeaderProto;
import io.jangada.internal.v1.RecordsProto;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import io.jangada.metadata.command.MetadataCodec;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.wire.WireErrors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BackupStreamTest {
  private static final UUID CLUSTER = new UUID(1, 1);

  private static byte[] backup(ImageController metadata, boolean local) throws IOException {
    AdminServiceGrpc.AdminServiceImplBase service =
        new AdminServiceGrpc.AdminServiceImplBase() {
          @Override
          public void backupMetadata(
              BackupMetadataRequest request, StreamObserver<BackupMetadataResponse> responses) {
            BackupStream.send(
                request,
                (ServerCallStreamObserver<BackupMetadataResponse>) responses,
                metadata,
                new SettingsAdmin(metadata, metadata));
          }
        };
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (InProcessFrontDoor frontDoor = new InProcessFrontDoor(service)) {
      AdminServiceGrpc.newBlockingStub(frontDoor.channel())
          .backupMetadata(BackupMetadataRequest.newBuilder().setLocal(local).build())
          .forEachRemaining(piece -> file.writeBytes(piece.getData().toByteArray()));
    }
    return file.toByteArray();
  }

  @Test
  void whatIsReadBackIsTheImage() throws Exception {
    ImageController metadata =
        new ImageController(
            new ControllerRequest.ClaimController(1),
            new ControllerRequest.FormatCluster(CLUSTER, new UUID(1, 2)));
    metadata
        .submit(
            new ControllerRequest.AlterSettings(
                List.of(
                    new SettingsChange(
                        SettingsChange.CLUSTER, Map.of("num.partitions", "3"), List.of())),
                false))
        .join();
    BackupDecoder decoder =
        new BackupDecoder(new ByteArrayInputStream(backup(metadata, false)), "backup");
    BackupHeaderProto header = decoder.header();
    assertThat(header.getClusterId()).isEqualTo(CLUSTER.toString());
    assertThat(header.getIndex()).isEqualTo(metadata.image().index());
    List<MetadataRecord> records = new ArrayList<>();
    for (Optional<RecordsProto> next = decoder.next(); next.isPresent(); next = decoder.next()) {
      records.addAll(MetadataCodec.decodeRecords(next.get().toByteArray()));
    }
    assertThat(MetadataImage.ofRecords(header.getIndex(), records)).isEqualTo(metadata.image());
    assertThat(backup(metadata, true)).hasSameSizeAs(backup(metadata, false));
  }

  @Test
  void aNodeThatKnowsNothingHasNothingToBackUp() {
    assertThatThrownBy(() -> backup(new ImageController(), true))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e ->
                assertThat(WireErrors.fromCall(e, "it", true).code())
                    .isEqualTo(ErrorCode.UNAVAILABLE));
  }
}
