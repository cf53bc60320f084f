// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One configuration key as declared in {@link ConfigKeys}.
 *
 * @param name dotted, such as {@code listeners.grpc-port}
 * @param defaultText the default as it would be written; empty if the value must be given
 * @param meaning one or two sentences for the reference
 * @param fixedBecause why it cannot change while the node runs; empty if it can
 */
record ConfigKey<T>(
    String name,
    ValueType<T> type,
    Optional<String> defaultText,
    String meaning,
    Optional<String> fixedBecause) {

  /** {@code JANGADA_LISTENERS_GRPC_PORT}. */
  String environmentVariable() {
    return "JANGADA_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
