// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.config;

import java.util.List;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * One configuration as Kafka's clients are told of it. Immutable.
 *
 * @param name Kafka's, where Kafka has one
 * @param values where it is set and the default, under the names that it has there; the one in
 *     force first
 * @param readOnly whether it cannot be changed while brokers run
 * @param type of its values
 * @param documentation a sentence or two
 */
public record DescribedConfig(
    String name, List<Value> values, boolean readOnly, ConfigType type, String documentation) {
  /** Copies the list. */
  public DescribedConfig {
    values = List.copyOf(values);
  }

  /** A value and where it is set: what Kafka calls a synonym. */
  public record Value(String name, String text, ConfigSource source) {}

  /** The value in force. */
  public Value inForce() {
    return values.getFirst();
  }
}
