// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.Refusal;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a topic may be called: as in Kafka, so that its names are directories and metrics. */
final class TopicNames {
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private static final Set<String> INTERNAL = Set.of("__consumer_offsets", "__transaction_state");

  private TopicNames() {}

  /**
   * Whether the cluster keeps it for itself: which partition something is in follows from how many
   * there are. Kafka's names, which its clients know.
   */
  static boolean internal(String name) {
    return INTERNAL.contains(name);
  }

  /** Whether two names are the same to those of Kafka's tools that write '.' as '_'. */
  static boolean collide(String one, String other) {
    if (one.length() != other.length()) {
      return false;
    }
    for (int i = 0; i < one.length(); i++) {
      if (flat(one.charAt(i)) != flat(other.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static char flat(char letter) {
    return letter == '.' ? '_' : letter;
  }

  /** Why it may not be called so, or null if it may. */
  static @Nullable Refusal check(String name) {
    boolean legal = LEGAL.matcher(name).matches() && !name.equals(".") && !name.equals("..");
    return legal
        ? null
        : new Refusal(
            ErrorCode.INVALID_TOPIC_NAME,
            "expected a topic name of 1 to 249 letters, digits, '.', '_' and '-', but got \""
                + name
                + '"',
            "'.' and '..' are not names either");
  }
}
