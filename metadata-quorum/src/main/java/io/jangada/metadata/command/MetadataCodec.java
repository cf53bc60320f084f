// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.BatchProto;
import io.jangada.internal.v1.ControllerAnswerProto;
import io.jangada.internal.v1.ControllerRequestProto;
import io.jangada.internal.v1.RecordsProto;
import java.util.List;
import java.util.function.Function;

/**
 * The bytes of batches, records, requests and answers ({@code metadata_records.proto}). Equal
 * values have equal bytes. Stateless and thread-safe.
 *
 * <p>Decoding throws a {@link JangadaException}: {@link ErrorCode#UNSUPPORTED} for a type that this
 * version does not know, {@link ErrorCode#INVALID_REQUEST} for anything that is not such a value.
 */
public final class MetadataCodec {
  private MetadataCodec() {}

  /** What goes into the log. */
  public static byte[] encodeBatch(ConditionalBatch batch) {
    return BatchCodec.toProto(batch).toByteArray();
  }

  /** What came out of the log. */
  public static ConditionalBatch decodeBatch(byte[] bytes) {
    return decode(bytes, BatchProto.parser(), BatchCodec::fromProto);
  }

  /** What goes to brokers, and into the rows of a store. */
  public static byte[] encodeRecords(List<MetadataRecord> records) {
    return RecordCodec.toProto(records).toByteArray();
  }

  /** What came from the quorum, or from a row. */
  public static List<MetadataRecord> decodeRecords(byte[] bytes) {
    return decode(bytes, RecordsProto.parser(), RecordCodec::fromProto);
  }

  /** What a broker asks. */
  public static byte[] encodeRequest(ControllerRequest request) {
    return RequestCodec.toProto(request).toByteArray();
  }

  /** What a broker asked. */
  public static ControllerRequest decodeRequest(byte[] bytes) {
    return decode(bytes, ControllerRequestProto.parser(), RequestCodec::fromProto);
  }

  /** What the controller answers. */
  public static byte[] encodeAnswer(ControllerAnswer answer) {
    return AnswerCodec.toProto(answer).toByteArray();
  }

  /** What the controller answered. */
  public static ControllerAnswer decodeAnswer(byte[] bytes) {
    return decode(bytes, ControllerAnswerProto.parser(), AnswerCodec::fromProto);
  }

  private static <P extends MessageLite, V> V decode(
      byte[] bytes, Parser<P> parser, Function<P, V> fromProto) {
    try {
      return fromProto.apply(parser.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected the bytes of a metadata value, but " + e.getMessage(),
          "",
          true,
          e);
    }
  }

  /** For a value whose type is not set, or none that this version knows. */
  static JangadaException unknown(String what) {
    return new JangadaException(
        ErrorCode.UNSUPPORTED,
        "expected a type of " + what + " that this version knows, but got another",
        "run the version that the rest of the cluster runs");
  }
}
