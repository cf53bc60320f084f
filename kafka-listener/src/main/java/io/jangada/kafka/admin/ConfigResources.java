// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Whose configuration a request is about. A broker answers for itself and for all brokers together;
 * Kafka's clients send what concerns one broker to that broker.
 */
final class ConfigResources {
  private final int brokerId;

  ConfigResources(int brokerId) {
    this.brokerId = brokerId;
  }

  /** Whether all brokers are meant: the cluster's defaults. */
  boolean isCluster(@Nullable String name) {
    return name == null || name.isEmpty();
  }

  /**
   * What is said of this broker.
   *
   * @throws InvalidRequestException if another one is meant
   */
  <T> T ofThisBroker(String name, Supplier<T> answer) {
    checkThisBroker(name);
    return answer.get();
  }

  /** As {@link #ofThisBroker}. */
  int checkThisBroker(String name) {
    int id;
    try {
      id = Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("expected the id of a broker, but got \"" + name + '"');
    }
    if (id != brokerId) {
      throw new InvalidRequestException(
          "expected " + brokerId + ", the broker that was asked, or nobody, but got " + name);
    }
    return id;
  }

  /** Each broker has its own loggers. */
  void checkLoggersOfThisBroker(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      throw new InvalidRequestException("expected the id of a broker, but got none");
    }
    checkThisBroker(name);
  }

  /** What cannot be configured. */
  InvalidRequestException unsupported(byte type) {
    ConfigResource.Type known = ConfigResource.Type.forId(type);
    return new InvalidRequestException(
        "expected a topic or a broker, but got "
            + (known == ConfigResource.Type.UNKNOWN
                ? "the unknown resource type " + type
                : known + ", which this version has no configuration of"));
  }
}
