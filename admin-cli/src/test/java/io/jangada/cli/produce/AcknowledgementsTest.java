// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {
  private final Acknowledgements acknowledgements = new Acknowledgements();

  @Test
  void knowsHowManyWithoutAGap() {
    acknowledgements.acknowledged(0, 10);
    acknowledgements.acknowledged(2, 10);
    acknowledgements.acknowledged(3, 10);
    assertThat(acknowledgements.contiguous()).isEqualTo(1);
    acknowledgements.acknowledged(1, 10);
    assertThat(acknowledgements.contiguous()).isEqualTo(4);
    assertThat(acknowledgements.count()).isEqualTo(4);
    assertThat(acknowledgements.bytes()).isEqualTo(40);
  }

  @Test
  void manyOutOfStep() {
    int many = 500_000;
    for (int i = 0; i < many; i += 2) {
      acknowledgements.acknowledged(i + 1, 1);
      acknowledgements.acknowledged(i, 1);
    }
    assertThat(acknowledgements.contiguous()).isEqualTo(many);
    acknowledgements.acknowledged(many + 1, 1);
    assertThat(acknowledgements.contiguous()).isEqualTo(many);
  }

  @Test
  void remembersTheFailureOfTheEarliestRecord() {
    JangadaException late = new JangadaException(ErrorCode.UNAVAILABLE, "late");
    JangadaException early = new JangadaException(ErrorCode.UNAVAILABLE, "early");
    acknowledgements.failed(7, late);
    acknowledgements.failed(3, early);
    acknowledgements.failed(5, late);
    assertThat(acknowledgements.firstError()).isSameAs(early);
    assertThat(acknowledgements.firstErrorIndex()).isEqualTo(3);
  }
}
