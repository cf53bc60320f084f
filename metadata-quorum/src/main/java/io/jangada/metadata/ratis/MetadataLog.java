// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.util.concurrent.CompletableFuture;

/**
 * The replicated log as the rest of the module sees it. Thread-safe. No read here is linearizable
 * by itself: where one must be, propose an entry without effect and use its result.
 *
 * @param <R> what applying an entry yields
 */
public interface MetadataLog<R> extends AutoCloseable {
  /**
   * Proposes an entry. Completes on a thread of the log once the entry is committed and applied
   * here; do not block in a continuation. Fails with a JangadaException: NOT_CONTROLLER (definite)
   * if this member does not lead, QUORUM_UNAVAILABLE (indefinite: the entry may still be committed)
   * if leadership is lost meanwhile.
   */
  CompletableFuture<R> propose(byte[] entry);

  /** The quorum as this member sees it. */
  LogView view();

  /** Whether this member leads and has applied everything from before its term. */
  boolean leading();

  /**
   * Hands leadership over. Completes when the other member leads, fails with QUORUM_UNAVAILABLE
   * otherwise.
   */
  CompletableFuture<Void> transferLeadership(int nodeId);

  /** Adds a voter that has started with an empty group; completes when it votes. */
  CompletableFuture<Void> addVoter(LogMember member);

  /** Removes a voter. */
  CompletableFuture<Void> removeVoter(int nodeId);

  /** Takes a snapshot now; the result is its index. For operators and tests. */
  CompletableFuture<Long> takeSnapshot();

  /** Stops this member and releases its port and threads. Idempotent. */
  @Override
  void close();
}
