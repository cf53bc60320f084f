// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The named conditions under which the node is ready, in the order they were added. Thread-safe.
 */
public final class Readiness {
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

  private record Named(String name, ReadinessCheck check) {}

  private final List<Named> checks = new CopyOnWriteArrayList<>();

  /** Adds a condition; the node is ready only while all hold. */
  public void add(String name, ReadinessCheck check) {
    checks.add(new Named(name, check));
  }

  /** Each condition with the reason why it does not hold, or empty if it does. */
  public Map<String, Optional<String>> evaluate() {
    Map<String, Optional<String>> results = new LinkedHashMap<>();
    for (Named named : new ArrayList<>(checks)) {
      results.put(named.name(), reasonOf(named));
    }
    return results;
  }

  private static Optional<String> reasonOf(Named named) {
    try {
      return named.check().reasonNotReady();
    } catch (RuntimeException e) {
      LOG.warn("The readiness check {} failed", named.name(), e);
      return Optional.of("the check itself failed: " + e);
    }
  }
}
