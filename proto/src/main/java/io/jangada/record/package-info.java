// SPDX-License-Identifier: Apache-2.0
/**
 * The one record format: Kafka's record batch v2 (magic 2, KIP-98), on every wire, in the journal
 * and on disk. Batches are read in place; nothing here copies record data unless it says so.
 */
@NullMarked
package io.jangada.record;

import org.jspecify.annotations.NullMarked;
