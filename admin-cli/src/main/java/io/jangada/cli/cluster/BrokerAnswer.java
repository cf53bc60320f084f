// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.client.BrokerDescription;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A broker as {@code -o json} shows it. The names are a contract.
 *
 * @param kafka empty where it does not speak Kafka's protocol
 * @param unfitDirectories by directory id, why a log directory is not used
 */
record BrokerAnswer(
    int id,
    String grpc,
    String kafka,
    String http,
    String rack,
    String state,
    long brokerEpoch,
    List<String> roles,
    Map<String, String> unfitDirectories) {
  static BrokerAnswer of(BrokerDescription broker) {
    Map<String, String> unfit = new TreeMap<>();
    broker.unfitDirectories().forEach((directory, why) -> unfit.put(directory.toString(), why));
    return new BrokerAnswer(
        broker.id(),
        broker.grpcAddress(),
        broker.kafkaAddress(),
        broker.httpAddress(),
        broker.rack(),
        broker.state().name(),
        broker.brokerEpoch(),
        broker.roles(),
        unfit);
  }

  /** Said only where there is one, with why. */
  String unfit() {
    return unfitDirectories.isEmpty() ? "-" : String.join("; ", unfitDirectories.values());
  }

  static String shown(String text) {
    return text.isEmpty() ? "-" : text;
  }

  /** A field in a line. */
  String text() {
    return """
    broker       %d
    state        %s
    roles        %s
    grpc         %s
    http         %s
    rack         %s
    epoch        %d
    unfit disks  %s
    """
        .formatted(
            id,
            state,
            shown(String.join(",", roles)),
            shown(grpc),
            shown(http),
            shown(rack),
            brokerEpoch,
            unfit());
  }
}
