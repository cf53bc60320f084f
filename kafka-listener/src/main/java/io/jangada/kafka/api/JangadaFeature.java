// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.api;

/**
 * The one feature that clusters tell Kafka's clients of (KIP-584). Its levels are the feature
 * levels of {@link io.jangada.metadata.command.FeatureRange}: Kafka's own features are promises
 * about Kafka's records.
 */
public final class JangadaFeature {
  /** What clients call it. */
  public static final String NAME = "jangada.version";

  private JangadaFeature() {}
}
