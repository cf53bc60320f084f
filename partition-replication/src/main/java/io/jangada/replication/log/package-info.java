// SPDX-License-Identifier: Apache-2.0
/**
 * One partition's log on disk: segments of record batches, found by a sparse index, with a cache of
 * the newest batches in memory. It knows files and offsets and nothing of replication.
 *
 * <p>A log's directory holds {@code <base offset>.log} files, each nothing but record batches, and
 * a {@code checkpoint}. One thread, the owner, changes a log; any thread reads it; one other thread
 * makes it durable.
 */
@NullMarked
package io.jangada.replication.log;

import org.jspecify.annotations.NullMarked;
