// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.JangadaException;
import io.jangada.record.Compression;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pins the defaults and the checks. */
class ConfigTest {
  @Test
  void defaults() {
    assertThat(ProducerConfig.defaults())
        .isEqualTo(
            new ProducerConfig(
                Acknowledgement.ALL,
                true,
                Compression.NONE,
                131_072,
                Duration.ofMillis(5),
                33_554_432,
                1_048_576,
                5,
                new ProducerConfig.Limits(
                    Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(120)),
                ProducerConfig.Extensions.NONE));
    assertThat(ConsumerConfig.defaults())
        .isEqualTo(
            new ConsumerConfig(
                OffsetReset.BEGINNING,
                OffsetReset.FAIL,
                8_388_608,
                4096,
                67_108_864,
                "",
                List.of()));
    assertThat(ClientConfig.of("a:1"))
        .isEqualTo(
            new ClientConfig(
                List.of(new BrokerAddress("a", 1)),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                67_108_864));
  }

  @Test
  void addressesAreRead() {
    assertThat(BrokerAddress.parseList("a:7400, [::1]:7410,,b.example:1"))
        .containsExactly(
            new BrokerAddress("a", 7400),
            new BrokerAddress("::1", 7410),
            new BrokerAddress("b.example", 1));
    assertThat(new BrokerAddress("::1", 7410)).hasToString("[::1]:7410");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a:", ":7400", "a:b", "a:0", "a:70000", "::1:7400", ","})
  void otherAddressesAreRefused(String text) {
    assertThatThrownBy(() -> BrokerAddress.parseList(text))
        .isInstanceOf(JangadaException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void unreasonableNumbersAreRefused() {
    assertThatThrownBy(() -> ProducerConfig.defaults().withMaxInFlight(6))
        .hasMessage("expected maxInFlight to be between 1 and 5, but it is 6");
    assertThatThrownBy(() -> ProducerConfig.defaults().withMemory(10, 100))
        .isInstanceOf(JangadaException.class);
    assertThatThrownBy(() -> ConsumerConfig.defaults().withBufferBytes(0))
        .isInstanceOf(JangadaException.class);
    assertThatThrownBy(() -> ClientConfig.of(List.of())).isInstanceOf(JangadaException.class);
  }
}
