// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.config;

import io.jangada.common.DataSize;
import io.jangada.common.Durations;

/**
 * How the text of a value differs between Kafka and us. Kafka's numbers have their unit in mind.
 */
enum ConfigUnit {
  /** Not at all. */
  SAME,
  /** Kafka counts milliseconds, we write {@code 10s}. */
  MILLISECONDS,
  /** Kafka counts bytes, we write {@code 64MiB}. */
  BYTES;

  /** What Kafka's clients read. A text that is none of ours stays as it is. */
  String toKafka(String ours) {
    try {
      return switch (this) {
        case SAME -> ours;
        case MILLISECONDS -> Long.toString(Durations.parseMs(ours));
        case BYTES -> Long.toString(DataSize.parse(ours).bytes());
      };
    } catch (IllegalArgumentException notOurs) {
      return ours;
    }
  }

  /**
   * What our settings take. A text that is no number stays as it is, so that whoever checks it says
   * what is expected.
   */
  String fromKafka(String theirs) {
    try {
      return switch (this) {
        case SAME -> theirs;
        case MILLISECONDS -> Durations.formatMs(Long.parseLong(theirs.strip()));
        case BYTES -> new DataSize(Long.parseLong(theirs.strip())).toString();
      };
    } catch (IllegalArgumentException notTheirs) {
      return theirs;
    }
  }
}
