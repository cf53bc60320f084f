// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What one fetch request is about. */
sealed interface FetchScope {

  /** What is read, in the order of reading. */
  List<FetchTarget> targets();

  /** All that the request names, and nothing is remembered of it. */
  record Sessionless(List<FetchTarget> targets) implements FetchScope {}

  /**
   * All that the request names, which begins a session.
   *
   * @param session opens it; null if there is no room for one
   */
  record First(List<FetchTarget> targets, Supplier<@Nullable FetchSession> session)
      implements FetchScope {}

  /** What the session remembers. */
  record Next(FetchSession session) implements FetchScope {
    @Override
    public List<FetchTarget> targets() {
      return session.targets();
    }
  }

  /** Nothing of what the request names is read. */
  record Refused(List<FetchTarget> targets, Errors error) implements FetchScope {}
}
