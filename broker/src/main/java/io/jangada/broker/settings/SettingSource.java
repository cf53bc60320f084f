// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.settings;

/** Where a value is set; the later one wins. */
public enum SettingSource {
  /** Built in. */
  DEFAULT,
  /** The node's file, environment or {@code --set}. */
  NODE,
  /** The cluster's metadata, for all. */
  CLUSTER,
  /** The cluster's metadata, for this broker. */
  BROKER,
  /** The topic. */
  TOPIC
}
