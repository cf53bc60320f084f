// SPDX-License-Identifier: Apache-2.0
package io.jangada.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.BackupHeaderProto;
import io.jangada.internal.v1.RecordProto;
import io.jangada.internal.v1.RecordsProto;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackupFileTest {
  private static final BackupHeaderProto HEADER =
      BackupHeaderProto.newBuilder().setClusterId("c").setIndex(77).build();

  private static RecordsProto records(int... levels) {
    RecordsProto.Builder records = RecordsProto.newBuilder();
    Arrays.stream(levels)
        .forEach(level -> records.addRecords(RecordProto.newBuilder().setFeatureLevelSet(level)));
    return records.build();
  }

  private static byte[] file(RecordsProto... frames) throws IOException {
    BackupEncoder encoder = new BackupEncoder();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(encoder.begin(HEADER));
    for (RecordsProto frame : frames) {
      out.write(encoder.frame(frame.toByteArray(), frame.getRecordsCount()));
    }
    out.write(encoder.end());
    return out.toByteArray();
  }

  private static List<RecordsProto> read(byte[] bytes) throws IOException {
    BackupDecoder decoder = new BackupDecoder(new ByteArrayInputStream(bytes), "b.jmb");
    assertThat(decoder.header()).isEqualTo(HEADER);
    List<RecordsProto> frames = new ArrayList<>();
    for (Optional<RecordsProto> next = decoder.next(); next.isPresent(); next = decoder.next()) {
      frames.add(next.get());
    }
    assertThat(decoder.bytes()).isEqualTo(bytes.length);
    return frames;
  }

  private static void refused(byte[] bytes, ErrorCode code, String text) {
    assertThatThrownBy(() -> read(bytes))
        .hasMessageContaining(text)
        .isInstanceOfSatisfying(
            JangadaException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.definite()).isTrue();
            });
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    assertThat(read(file())).isEmpty();
    assertThat(read(file(records(1, 2), records(3)))).containsExactly(records(1, 2), records(3));
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    byte[] whole = file(records(1, 2), records(3));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(JangadaException.class);
    }
    refused(Arrays.copyOf(whole, whole.length - 5), ErrorCode.STORAGE_ERROR, "it ends after");
    refused(Arrays.copyOf(whole, whole.length + 1), ErrorCode.STORAGE_ERROR, "goes on behind");
  }

  @Test
  void everyFlippedBitIsNoticed() throws IOException {
    byte[] whole = file(records(1, 2), records(3));
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> read(damaged)).as("bit " + bit).isInstanceOf(JangadaException.class);
    }
  }

  @Test
  void aFrameThatIsMissingIsNoticed() throws IOException {
    byte[] without = file(records(1, 2));
    byte[] whole = file(records(1, 2), records(3));
    byte[] mixed = without.clone();
    System.arraycopy(whole, whole.length - 16, mixed, mixed.length - 16, 16);
    refused(mixed, ErrorCode.STORAGE_ERROR, "checksum is wrong");
  }

  @Test
  void othersFilesAndThoseOfTheFutureAreCalledThat() throws IOException {
    refused(
        "PK-something-that-is-a-zip".getBytes(StandardCharsets.US_ASCII),
        ErrorCode.INVALID_REQUEST,
        "something else");
    refused(new byte[0], ErrorCode.INVALID_REQUEST, "something else");
    byte[] future = file(records(1));
    future[BackupEncoder.MAGIC.length + 3] = 2;
    refused(future, ErrorCode.UNSUPPORTED, "b.jmb says 2");
  }
}
