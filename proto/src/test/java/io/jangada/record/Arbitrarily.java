// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** The generators of the record tests, in one place so that their library can be replaced. */
final class Arbitrarily {
  private Arbitrarily() {}

  static Arbitrary<List<TestRecord>> records() {
    Arbitrary<TestRecord> record =
        Combinators.combine(
                Arbitraries.longs().between(-1, 4_000_000_000_000L),
                bytes(200).injectNull(0.2),
                bytes(3000).injectNull(0.1),
                headers())
            .as(TestRecord::new);
    return record.list().ofMinSize(1).ofMaxSize(60);
  }

  private static Arbitrary<List<RecordHeader>> headers() {
    return Combinators.combine(
            Arbitraries.strings().ofMaxLength(8).all().map(Arbitrarily::encodable),
            bytes(40).injectNull(0.2))
        .as(RecordHeader::new)
        .list()
        .ofMaxSize(3);
  }

  /** Lone surrogates have no UTF-8 form. */
  private static String encodable(String text) {
    return new String(
        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Arbitrary<ByteBuffer> bytes(int max) {
    Arbitrary<byte[]> compressible =
        Arbitraries.bytes().between((byte) 'a', (byte) 'd').array(byte[].class).ofMaxSize(max);
    Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(max);
    return Arbitraries.oneOf(compressible, any).map(ByteBuffer::wrap);
  }
}
