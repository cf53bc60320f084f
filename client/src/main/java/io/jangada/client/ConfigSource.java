// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

/** Where a value is set; the one that is declared later wins. */
public enum ConfigSource {
  /** Of a broker that is newer than this client. */
  UNKNOWN,
  /** Built in. */
  DEFAULT,
  /** The node's own configuration: {@code jangada.yaml}, environment or {@code --set}. */
  NODE,
  /** Set for the cluster, in its metadata. */
  CLUSTER,
  /** Set for this broker, in the cluster's metadata. */
  BROKER,
  /** Set for this topic. */
  TOPIC
}
