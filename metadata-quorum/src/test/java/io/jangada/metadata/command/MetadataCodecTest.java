// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.RecordProto;
import io.jangada.internal.v1.RecordsProto;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class MetadataCodecTest {
  @Property(tries = 300)
  void batchesComeBackAsTheyWere(@ForAll("batches") ConditionalBatch batch) {
    byte[] bytes = MetadataCodec.encodeBatch(batch);
    assertThat(MetadataCodec.decodeBatch(bytes)).isEqualTo(batch);
    assertThat(MetadataCodec.encodeBatch(MetadataCodec.decodeBatch(bytes))).isEqualTo(bytes);
  }

  @Property(tries = 300)
  void recordsComeBackAsTheyWere(@ForAll("records") List<MetadataRecord> records) {
    assertThat(MetadataCodec.decodeRecords(MetadataCodec.encodeRecords(records)))
        .isEqualTo(records);
  }

  @Property(tries = 300)
  void requestsComeBackAsTheyWere(@ForAll("requests") ControllerRequest request) {
    assertThat(MetadataCodec.decodeRequest(MetadataCodec.encodeRequest(request)))
        .isEqualTo(request);
  }

  @Property(tries = 300)
  void answersComeBackAsTheyWere(@ForAll("answers") ControllerAnswer answer) {
    assertThat(MetadataCodec.decodeAnswer(MetadataCodec.encodeAnswer(answer))).isEqualTo(answer);
  }

  @Property(tries = 300)
  void garbageIsATypedError(@ForAll byte[] garbage) {
    try {
      MetadataCodec.decodeBatch(garbage);
    } catch (JangadaException e) {
      assertThat(e.code()).isIn(ErrorCode.INVALID_REQUEST, ErrorCode.UNSUPPORTED);
    }
  }

  @Example
  void aRecordTypeFromTheFutureIsATypedError() {
    UnknownFieldSet future =
        UnknownFieldSet.newBuilder()
            .addField(
                4711,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("?"))
                    .build())
            .build();
    byte[] bytes =
        RecordsProto.newBuilder()
            .addRecords(RecordProto.newBuilder().setUnknownFields(future))
            .build()
            .toByteArray();
    assertThatThrownBy(() -> MetadataCodec.decodeRecords(bytes))
        .isInstanceOfSatisfying(
            JangadaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
  }

  @Provide
  Arbitrary<ConditionalBatch> batches() {
    return Values.batches();
  }

  @Provide
  Arbitrary<List<MetadataRecord>> records() {
    return Values.records().list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<ControllerRequest> requests() {
    return Values.requests();
  }

  @Provide
  Arbitrary<ControllerAnswer> answers() {
    return Values.answers();
  }
}
