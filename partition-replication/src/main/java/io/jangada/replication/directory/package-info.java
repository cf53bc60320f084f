// SPDX-License-Identifier: Apache-2.0
/**
 * One log directory: its logs, the journal they share, the manifest, the thread that writes
 * segments, and recovery. Begin at {@link io.jangada.replication.directory.LogDirectory}.
 *
 * <p>What is done to a log goes into the journal first; when that is durable, producers are
 * answered, and the batches may go into the segments. Checkpoints move the durable point of the
 * segments on, so that journal files become free. Recovery goes back to the checkpoints and replays
 * the journal.
 */
@NullMarked
package io.jangada.replication.directory;

import org.jspecify.annotations.NullMarked;
