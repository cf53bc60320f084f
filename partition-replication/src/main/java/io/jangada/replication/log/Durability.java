// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

/** When a batch of a topic counts as durable: {@code durability}. */
public enum Durability {
  /** Once it is fsynced. */
  FSYNC,

  /** Once it is in the page cache: a process may die without loss, a machine may not. */
  MEMORY
}
