// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.replication.core.LeaderEpochHistory;
import java.nio.ByteBuffer;

/**
 * What a log's owner knows at one moment that belongs into a checkpoint.
 *
 * @param endOffset the offset after the last batch
 * @param logStartOffset the first offset there is
 * @param highWatermark a lower bound of it
 * @param epochs where each leader epoch begins; not to be changed
 * @param durability how the log is made durable
 * @param producers a snapshot of the producers; not to be changed
 */
record LogCapture(
    long endOffset,
    long logStartOffset,
    long highWatermark,
    LeaderEpochHistory epochs,
    Durability durability,
    ByteBuffer producers) {}
