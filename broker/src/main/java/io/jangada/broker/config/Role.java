// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

/** What a node does; a node has at least one role. */
public enum Role {
  /** Holds the cluster's metadata and votes on it. */
  QUORUM,
  /** Holds partitions and serves clients. */
  BROKER
}
