// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.api;

import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Ids as Kafka writes them. */
public final class KafkaIds {
  private KafkaIds() {}

  /** The same 16 bytes. */
  public static Uuid toKafka(UUID id) {
    return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /** The same 16 bytes; null for the id that stands for none. */
  public static @Nullable UUID fromKafka(Uuid id) {
    return id.equals(Uuid.ZERO_UUID)
        ? null
        : new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }
}
