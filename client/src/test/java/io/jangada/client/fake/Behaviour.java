// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.fake;

import io.jangada.common.ErrorCode;

/**
 * What a fake broker does with one produce request instead of appending and answering.
 *
 * @param appends whether the batch enters the log
 * @param answer what the client hears
 * @param code of the error, for {@link Answer#ERROR}
 */
public record Behaviour(boolean appends, Answer answer, ErrorCode code) {
  /** What the client hears. */
  public enum Answer {
    OFFSET,
    ERROR,
    NOTHING,
    BROKEN_STREAM,
    NONSENSE,
    OFFSET_TWICE
  }

  public static Behaviour refuse(ErrorCode code) {
    return new Behaviour(false, Answer.ERROR, code);
  }

  public static Behaviour appendButSay(ErrorCode code) {
    return new Behaviour(true, Answer.ERROR, code);
  }

  public static Behaviour breakStream(boolean afterAppend) {
    return new Behaviour(afterAppend, Answer.BROKEN_STREAM, ErrorCode.INTERNAL);
  }

  public static Behaviour silence(boolean afterAppend) {
    return new Behaviour(afterAppend, Answer.NOTHING, ErrorCode.INTERNAL);
  }

  public static Behaviour nonsense(boolean afterAppend) {
    return new Behaviour(afterAppend, Answer.NONSENSE, ErrorCode.INTERNAL);
  }

  public static Behaviour answerTwice() {
    return new Behaviour(true, Answer.OFFSET_TWICE, ErrorCode.INTERNAL);
  }

  static Behaviour honest() {
    return new Behaviour(true, Answer.OFFSET, ErrorCode.INTERNAL);
  }
}
