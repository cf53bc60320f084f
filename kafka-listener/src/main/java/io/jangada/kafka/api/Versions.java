// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.api;

import org.apache.kafka.common.protocol.ApiKeys;

/** The versions of an API that are served, both ends included. */
public record Versions(short oldest, short latest) {

  /** All that Kafka 4.3.1 serves: what is not stable there is not among them. */
  public static Versions allOf(ApiKeys key) {
    return new Versions(key.oldestVersion(), key.latestVersion(false));
  }

  /** Whether requests of that version are served. */
  public boolean contains(short version) {
    return oldest <= version && version <= latest;
  }
}
