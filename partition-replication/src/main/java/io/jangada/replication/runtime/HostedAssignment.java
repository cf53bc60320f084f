// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.PartitionAssignment;

/**
 * One partition of which this broker holds a replica.
 *
 * @param partition its identity
 * @param topicName for people: in the directory's name and in messages
 * @param settings what the topic's configuration says
 * @param assignment who leads, who follows
 */
public record HostedAssignment(
    TopicIdPartition partition,
    String topicName,
    TopicSettings settings,
    PartitionAssignment assignment) {}
