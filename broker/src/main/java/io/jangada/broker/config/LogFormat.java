// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

/** How a node's log is written. */
public enum LogFormat {
  /** Lines for people. */
  TEXT,
  /** One JSON object in a line. */
  JSON
}
