// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

/**
 * A state of a log that its files are in, or can be brought into by cutting only. It is to be
 * synced and committed, and then confirmed by {@link PartitionLog#checkpointed}.
 *
 * @param checkpoint the state
 * @param marked whether the owner has asked for it; otherwise it has to be committed before the
 *     files are cut, because the journal, which should say so, does not get on
 * @param replacements how often segments had been replaced by compacted ones: what those stood for
 *     is not needed any more once this is committed
 */
public record ReachedState(LogCheckpoint checkpoint, boolean marked, long replacements) {}
