// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.kafka.api.KafkaIds;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Topics as requests about offsets name them: by name, since OffsetCommit 10 by id. */
final class NamedTopics {
  private NamedTopics() {}

  /** The topic, or null if there is none. */
  static @Nullable TopicImage find(MetadataImage image, boolean byId, Uuid id, String name) {
    if (!byId) {
      return image.topic(name);
    }
    UUID ours = KafkaIds.fromKafka(id);
    return ours == null ? null : image.topic(ours);
  }
}
