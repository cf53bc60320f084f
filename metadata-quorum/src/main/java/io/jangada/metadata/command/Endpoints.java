// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

/**
 * Where a broker listens. Each is {@code host:port}, empty where that listener is off.
 *
 * @param grpc clients and replication
 * @param kafka the Kafka protocol
 * @param http health and metrics
 * @param externalGrpc clients of another network
 * @param externalKafka clients of another network that speak Kafka
 */
public record Endpoints(
    String grpc, String kafka, String http, String externalGrpc, String externalKafka) {
  /** Of a broker without an external Kafka listener. */
  public Endpoints(String grpc, String kafka, String http, String externalGrpc) {
    this(grpc, kafka, http, externalGrpc, "");
  }

  /** Of a broker that is in one network only. */
  public Endpoints(String grpc, String kafka, String http) {
    this(grpc, kafka, http, "");
  }
}
