// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

/** How much a node's log says; each level says what the ones before say, and more. */
public enum LogLevel {
  /** What has failed. */
  ERROR,
  /** What an operator should look at. */
  WARN,
  /** What has changed. */
  INFO,
  /** What is being done. */
  DEBUG,
  /** Everything. */
  TRACE
}
