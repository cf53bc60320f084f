// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.manifest;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.log.LogCheckpoint;

/**
 * The last checkpoint of one log; what it says of the segments is fsynced.
 *
 * @param partition whose log
 * @param topicName for people, and in the directory's name
 * @param checkpoint its state
 */
public record ManifestEntry(
    TopicIdPartition partition, String topicName, LogCheckpoint checkpoint) {}
