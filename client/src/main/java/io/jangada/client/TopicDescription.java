// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A topic in full.
 *
 * @param name its name
 * @param id what tells it from another of the same name
 * @param internal whether the cluster keeps it for itself
 * @param configs the topic's own settings
 * @param partitions in their order
 */
public record TopicDescription(
    String name,
    UUID id,
    boolean internal,
    Map<String, String> configs,
    List<PartitionDescription> partitions) {}
