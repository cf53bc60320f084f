// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.util.UUID;

/**
 * A topic in short.
 *
 * @param name its name
 * @param id what tells it from another of the same name; all zero where the topic was only checked
 * @param partitions how many
 * @param replicationFactor how many replicas each partition has
 * @param internal whether the cluster keeps it for itself
 */
public record TopicListing(
    String name, UUID id, int partitions, int replicationFactor, boolean internal) {}
