// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.record.Compression;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProduceMethodTest {
  @Test
  void readsWhatTheGeneratedMarshallerWrites() {
    ProduceRequest request = request(batch());

    assertThat(
            ProduceMethod.DESCRIPTOR.parseRequest(ProduceMethod.DESCRIPTOR.streamRequest(request)))
        .isEqualTo(request);
  }

  @Test
  void theBatchStaysInTheMessagesOwnArray() {
    byte[] message = request(batch()).toByteArray();

    ProduceRequest read = ProduceMethod.DESCRIPTOR.parseRequest(new ByteArrayInputStream(message));
    RecordBatch batch = WireBatches.ofBytes(read.getRecordBatch());
    batch.assign(7, 3);

    // Assigned in the request's own memory: the same bytes, seen by a second view of them.
    assertThat(WireBatches.ofBytes(read.getRecordBatch()).baseOffset()).isEqualTo(7);
    batch.validate();
  }

  @Test
  void whatIsNoRequestEndsTheCallAndNotMore() {
    byte[] message = request(batch()).toByteArray();
    byte[] torn = java.util.Arrays.copyOf(message, message.length - 1);

    assertThatThrownBy(() -> ProduceMethod.DESCRIPTOR.parseRequest(new ByteArrayInputStream(torn)))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("expected a ProduceRequest");
  }

  private static ProduceRequest request(RecordBatch batch) {
    return ProduceRequest.newBuilder()
        .setCorrelationId(5)
        .setPartition(2)
        .setRecordBatch(ByteString.copyFrom(batch.bytes()))
        .build();
  }

  private static RecordBatch batch() {
    RecordBatchBuilder builder = new RecordBatchBuilder(4096, Compression.NONE);
    builder.appendBytes(1, null, new byte[100], List.of());
    return builder.build();
  }
}
