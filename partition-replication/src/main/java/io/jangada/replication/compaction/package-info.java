// SPDX-License-Identifier: Apache-2.0
/**
 * What log compaction keeps, and when a log is worth it. Pure: no I/O, no clock, no threads, no
 * randomness; {@code log} reads and swaps the segments, {@code runtime} has the thread.
 */
@NullMarked
package io.jangada.replication.compaction;

import org.jspecify.annotations.NullMarked;
