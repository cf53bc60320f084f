// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.replication.log.LogEnd;

/**
 * An entry on its way to a group.
 *
 * @param number of the entry
 * @param log to be called back
 * @param entry to be written
 * @param end to be handed back
 * @param bytes that the entry takes in a group
 * @param queuedNanos when it was queued
 */
record QueuedEntry(
    long number, JournaledLog log, JournalEntry entry, LogEnd end, int bytes, long queuedNanos) {}
