// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.client.Outcome;
import io.jangada.common.JangadaException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done with the items of an answer that failed: the others are shown first. */
public final class Outcomes {
  private Outcomes() {}

  /** The values of the items that succeeded. */
  public static <T> List<T> succeeded(List<Outcome<T>> outcomes) {
    return outcomes.stream().filter(Outcome::succeeded).map(Outcome::orThrow).toList();
  }

  /** Throws the first item's failure, saying how many more there are, if any item failed. */
  public static <T> void throwFirstFailure(List<Outcome<T>> outcomes) {
    @Nullable JangadaException first = null;
    int others = -1;
    for (Outcome<T> outcome : outcomes) {
      JangadaException error = outcome.error();
      if (error != null) {
        others++;
        first = first == null ? error : first;
      }
    }
    if (first == null) {
      return;
    }
    String more = others == 0 ? "" : " (and " + others + " more failed)";
    throw new JangadaException(
        first.code(), first.getMessage() + more, first.hint(), first.definite(), first);
  }
}
