// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.dev;

/** One node's place in a local cluster: its id and its ports on 127.0.0.1. */
public record DevNode(int id, int grpcPort, int ratisPort, int httpPort, int kafkaPort) {
  /** {@code host:port} of the gRPC listener. */
  public String grpcAddress() {
    return DevLayout.HOST + ":" + grpcPort;
  }

  /** {@code host:port} of the listener for Kafka clients. */
  public String kafkaAddress() {
    return DevLayout.HOST + ":" + kafkaPort;
  }

  /** {@code host:port} of the HTTP listener. */
  public String httpAddress() {
    return DevLayout.HOST + ":" + httpPort;
  }
}
