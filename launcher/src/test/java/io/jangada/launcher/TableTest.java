// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void alignsWordsToTheLeftAndNumbersToTheRight() {
    Table table = new Table("NAME", "OFFSET", "ISR").row("a", 7, "[1, 2]").row("long", 1234567, "");
    assertThat(table.render())
        .isEqualTo(
            """
            NAME   OFFSET  ISR
            a           7  [1, 2]
            long  1234567
            """);
  }

  @Test
  void withoutRowsOnlyTheHeadings() {
    assertThat(new Table("A", "B").render()).isEqualTo("A  B\n");
  }

  @Test
  void refusesARowOfAnotherWidth() {
    assertThatThrownBy(() -> new Table("A", "B").row(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected 2 cells, but got 1");
  }
}
