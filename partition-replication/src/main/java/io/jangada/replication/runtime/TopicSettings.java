// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

/**
 * What a topic's configuration says to its replicas.
 *
 * @param maxMessageBytes {@code max.message.bytes}: the largest batch, as it comes
 * @param segmentBytes {@code segment.bytes}
 */
public record TopicSettings(int maxMessageBytes, int segmentBytes) {
  /** 1 MiB and a little for the header, as Kafka's; 512 MiB. */
  public static final TopicSettings DEFAULT = new TopicSettings(1_048_588, 512 << 20);
}
