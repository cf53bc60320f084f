// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.config;

import java.util.List;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/**
 * One configuration as Kafka's clients are told of it. Immutable.
 *
 * @param name Kafka's, where Kafka has one
 * @param inForce the value in force
 * @param synonyms where it is set and the default, under the names that it has there, the one in
 *     force first; without the default where Kafka's brokers have none of their own
 * @param readOnly whether it cannot be changed while brokers run
 * @param type of its values
 * @param documentation a sentence or two
 */
public record DescribedConfig(
    String name,
    Value inForce,
    List<Value> synonyms,
    boolean readOnly,
    ConfigType type,
    String documentation) {
  /** Copies the list. */
  public DescribedConfig {
    synonyms = List.copyOf(synonyms);
  }

  /** With all values as synonyms; the one in force first. */
  static DescribedConfig of(
      String name, List<Value> values, boolean readOnly, ConfigType type, String documentation) {
    return new DescribedConfig(name, values.getFirst(), values, readOnly, type, documentation);
  }

  /** A value and where it is set: what Kafka calls a synonym. */
  public record Value(String name, String text, ConfigSource source) {}
}
