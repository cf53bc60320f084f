// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.api;

import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.Endpoints;
import java.util.Optional;

/** From where a client has come, and so at which addresses it reaches brokers. */
public enum Network {
  /** The network that brokers advertise to each other's clients. */
  MAIN,
  /** Another one: they advertise other addresses there, or the same where they have no other. */
  EXTERNAL;

  /** Where the client reaches the broker; empty if it does not speak Kafka. */
  public Optional<HostAndPort> addressOf(BrokerRegistration broker) {
    Endpoints endpoints = broker.profile().endpoints();
    String address =
        switch (this) {
          case MAIN -> endpoints.kafka();
          case EXTERNAL ->
              endpoints.externalKafka().isEmpty() ? endpoints.kafka() : endpoints.externalKafka();
        };
    return address.isEmpty() ? Optional.empty() : Optional.of(HostAndPort.parse(address));
  }

  /**
   * An address.
   *
   * @param host name or IP address, without brackets
   */
  public record HostAndPort(String host, int port) {
    static HostAndPort parse(String address) {
      int colon = address.lastIndexOf(':');
      String host = address.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      return new HostAndPort(
          bracketed ? host.substring(1, host.length() - 1) : host,
          Integer.parseInt(address.substring(colon + 1)));
    }
  }
}
