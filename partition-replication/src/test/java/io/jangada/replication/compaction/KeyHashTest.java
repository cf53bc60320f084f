// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of the function's authors: key 00 01 … 0f, input 00 01 … */
class KeyHashTest {
  private static final long SECRET_0 = 0x0706050403020100L;
  private static final long SECRET_1 = 0x0f0e0d0c0b0a0908L;

  @ParameterizedTest
  @CsvSource({
    "0, a3817f04ba25a8e66df67214c7550293",
    "1, da87c1d86b99af44347659119b22fc45",
    "2, 8177228da4a45dc7fca38bdef60affe4"
  })
  void isSipHash24With128Bits(int length, String expected) {
    ByteBuffer input = ByteBuffer.allocate(5 + length);
    for (int i = 0; i < length; i++) {
      input.put(5 + i, (byte) i);
    }
    KeyHash hash = new KeyHash(SECRET_0, SECRET_1);
    hash.hash(input, 5, length);
    ByteBuffer bytes = ByteBuffer.allocate(16);
    bytes.putLong(Long.reverseBytes(hash.first())).putLong(Long.reverseBytes(hash.second()));
    assertThat(HexFormat.of().formatHex(bytes.array())).isEqualTo(expected);
  }
}
