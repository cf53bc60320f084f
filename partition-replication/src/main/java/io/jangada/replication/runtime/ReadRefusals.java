// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.replication.core.ReadView;

/** Why a replica does not read, for people. */
final class ReadRefusals {
  private ReadRefusals() {}

  static String explain(ErrorCode code, long offset, int leaderEpoch, ReadView view) {
    return switch (code) {
      case OFFSET_OUT_OF_RANGE ->
          "expected an offset from "
              + view.logStartOffset()
              + " to "
              + view.logEndOffset()
              + ", but got "
              + offset;
      case FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH ->
          "expected leader epoch " + view.leaderEpoch() + ", but got " + leaderEpoch;
      case OFFSET_NOT_AVAILABLE -> "expected to know the high watermark, but the leader is new";
      default -> "expected to lead the partition, but another broker does";
    };
  }
}
