// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.http;

import java.util.Optional;

/** One condition for sending clients to a node. Called from any thread; must not block. */
@FunctionalInterface
public interface ReadinessCheck {
  /** Why the condition does not hold, for people; empty if it holds. */
  Optional<String> reasonNotReady();
}
