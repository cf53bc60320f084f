// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.requests.FetchMetadata;
import org.jspecify.annotations.Nullable;

/** The fetch sessions that are remembered (KIP-227). Thread-safe. */
final class FetchSessions {
  /** One that was used since is not forgotten for another. */
  private static final long KEEP_NS = TimeUnit.MINUTES.toNanos(2);

  private final int max;
  private final Map<Integer, FetchSession> byId = new HashMap<>();
  private long forgotten;

  FetchSessions(int max) {
    this.max = max;
  }

  /** The session, or null if it is not remembered. */
  synchronized @Nullable FetchSession find(int id) {
    return byId.get(id);
  }

  /** Remembers what a client reads; null if there is no room. */
  synchronized @Nullable FetchSession open(boolean byTopicId, List<FetchTarget> targets) {
    if (byId.size() >= max && !forgetOldest()) {
      return null;
    }
    int id;
    do {
      id = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
    } while (id == FetchMetadata.INVALID_SESSION_ID || byId.containsKey(id));
    FetchSession session = new FetchSession(id, byTopicId, targets);
    byId.put(id, session);
    return session;
  }

  /** Forgets a session. */
  synchronized void close(int id) {
    byId.remove(id);
  }

  /** How many there are. */
  synchronized int size() {
    return byId.size();
  }

  /** How many were forgotten to make room for others. */
  synchronized long forgotten() {
    return forgotten;
  }

  private boolean forgetOldest() {
    FetchSession oldest =
        byId.values().stream().min(Comparator.comparingLong(FetchSession::usedNs)).orElse(null);
    if (oldest == null || System.nanoTime() - oldest.usedNs() < KEEP_NS) {
      return false;
    }
    byId.remove(oldest.id());
    forgotten++;
    return true;
  }
}
