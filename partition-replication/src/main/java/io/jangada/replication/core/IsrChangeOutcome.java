// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;

/** What became of a proposed ISR change. */
public sealed interface IsrChangeOutcome {
  /**
   * Committed; acts only when the local metadata has reached the entry (KIP-497).
   *
   * @param metadataIndex the entry's index
   */
  record Accepted(long metadataIndex) implements IsrChangeOutcome {}

  /**
   * Surely not done, and never will be.
   *
   * @param code why
   * @param metadataIndex the index at which it was decided; what is decided next needs the local
   *     metadata to have reached it
   */
  record Rejected(ErrorCode code, long metadataIndex) implements IsrChangeOutcome {}

  /** No answer, or one that does not say: it may have been, or may still be, carried out. */
  record Unknown() implements IsrChangeOutcome {}
}
