// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

/** What a process does in the cluster; any combination. */
public enum NodeRole {
  /** Votes in the metadata quorum. */
  QUORUM,
  /** Holds partitions. */
  BROKER
}
