// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A partition as a client refers to it: by topic name, by topic id, or both. Where an id is given
 * it decides, and a name that belongs to another id is an error (KIP-516).
 *
 * @param topicName may be empty if {@code topicId} is given
 * @param topicId null if the client does not know it
 * @param partition from 0
 */
public record PartitionRef(String topicName, @Nullable UUID topicId, int partition) {
  @Override
  public String toString() {
    return (topicName.isEmpty() ? String.valueOf(topicId) : topicName) + "-" + partition;
  }
}
