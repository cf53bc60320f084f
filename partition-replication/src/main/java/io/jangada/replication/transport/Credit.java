// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

/** Bytes that a leader has pushed and will push again once they are released. */
@FunctionalInterface
public interface Credit {
  /** Nothing to give back. */
  Credit NONE = () -> {};

  /** Gives the bytes back. Called once, on any thread; only enqueues. */
  void release();
}
