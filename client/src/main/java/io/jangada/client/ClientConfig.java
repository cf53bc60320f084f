// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.time.Duration;
import java.util.List;

/**
 * How a client reaches its cluster. Immutable; the {@code with} methods make changed copies.
 *
 * @param bootstrap brokers to ask first; the others are learnt from them
 * @param requestTimeout how long a call may take before it is given up, retries included
 * @param attemptTimeout how long one broker may take to answer a question about metadata before
 *     another one is asked
 * @param keepAliveTime after how much silence a connection is probed
 * @param keepAliveTimeout how long the probe may stay unanswered before the connection is given up
 * @param maxMessageBytes the largest message that is accepted from a broker
 */
public record ClientConfig(
    List<BrokerAddress> bootstrap,
    Duration requestTimeout,
    Duration attemptTimeout,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    int maxMessageBytes) {

  /** Checks and copies. */
  public ClientConfig {
    bootstrap = List.copyOf(bootstrap);
    if (bootstrap.isEmpty()) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected at least one bootstrap address, but there is none",
          "name a broker as host:7400");
    }
    Checks.positive("requestTimeout", requestTimeout);
    Checks.positive("attemptTimeout", attemptTimeout);
    Checks.positive("keepAliveTime", keepAliveTime);
    Checks.positive("keepAliveTimeout", keepAliveTimeout);
    Checks.positive("maxMessageBytes", maxMessageBytes);
  }

  /** The defaults, for a list of addresses like {@code host:7400,other:7400}. */
  public static ClientConfig of(String bootstrap) {
    return of(BrokerAddress.parseList(bootstrap));
  }

  /** The defaults, for these addresses. */
  public static ClientConfig of(List<BrokerAddress> bootstrap) {
    return new ClientConfig(
        bootstrap,
        Duration.ofSeconds(30),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        64 * 1024 * 1024);
  }

  /** A copy with another request timeout. */
  public ClientConfig withRequestTimeout(Duration timeout) {
    return new ClientConfig(
        bootstrap, timeout, attemptTimeout, keepAliveTime, keepAliveTimeout, maxMessageBytes);
  }

  /** A copy with another attempt timeout. */
  public ClientConfig withAttemptTimeout(Duration timeout) {
    return new ClientConfig(
        bootstrap, requestTimeout, timeout, keepAliveTime, keepAliveTimeout, maxMessageBytes);
  }

  /** A copy that probes silent connections at other times. */
  public ClientConfig withKeepAlive(Duration time, Duration timeout) {
    return new ClientConfig(
        bootstrap, requestTimeout, attemptTimeout, time, timeout, maxMessageBytes);
  }

  /** A copy that accepts other messages. */
  public ClientConfig withMaxMessageBytes(int bytes) {
    return new ClientConfig(
        bootstrap, requestTimeout, attemptTimeout, keepAliveTime, keepAliveTimeout, bytes);
  }
}
