// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's topic configurations of which this version has one value only, key by key: what is in
 * force for every topic, and why nothing else can be. Setting that value is accepted, because tools
 * of Kafka's write down what they rely on; any other is refused rather than taken and not heeded.
 * What can be chosen is a {@link TopicConfigKey}. Immutable.
 */
public enum ConstantTopicConfig {
  /** Batches stay as they come; {@link #because} says why, as of all of them. */
  COMPRESSION_TYPE("compression.type", "producer", Why.AS_THEY_COME),
  /** Of a compression that does not happen. */
  COMPRESSION_GZIP_LEVEL("compression.gzip.level", "-1", Why.AS_THEY_COME),
  /** Of a compression that does not happen. */
  COMPRESSION_LZ4_LEVEL("compression.lz4.level", "9", Why.AS_THEY_COME),
  /** Of a compression that does not happen. */
  COMPRESSION_ZSTD_LEVEL("compression.zstd.level", "3", Why.AS_THEY_COME),
  /** Files go at once. */
  FILE_DELETE_DELAY_MS("file.delete.delay.ms", "0", "files are deleted when nobody reads them"),
  /** By the durability. */
  FLUSH_MESSAGES("flush.messages", "9223372036854775807", Why.BY_DURABILITY),
  /** By the durability. */
  FLUSH_MS("flush.ms", "9223372036854775807", Why.BY_DURABILITY),
  /** No throttles. */
  FOLLOWER_REPLICATION_THROTTLED_REPLICAS(
      "follower.replication.throttled.replicas", "", Why.NO_THROTTLE),
  /** Of the log's format. */
  INDEX_INTERVAL_BYTES("index.interval.bytes", "4096", Why.INDEX),
  /** No throttles. */
  LEADER_REPLICATION_THROTTLED_REPLICAS(
      "leader.replication.throttled.replicas", "", Why.NO_THROTTLE),
  /** Of tiered storage. */
  LOCAL_RETENTION_BYTES("local.retention.bytes", "-2", Why.NO_TIERS),
  /** Of tiered storage. */
  LOCAL_RETENTION_MS("local.retention.ms", "-2", Why.NO_TIERS),
  /** The journal is preallocated, segments are not. */
  PREALLOCATE(
      "preallocate", "false", "segments are written behind a journal that is allocated ahead"),
  /** Of tiered storage. */
  REMOTE_LOG_COPY_DISABLE("remote.log.copy.disable", "false", Why.NO_TIERS),
  /** Of tiered storage. */
  REMOTE_LOG_DELETE_ON_DISABLE("remote.log.delete.on.disable", "false", Why.NO_TIERS),
  /** Of tiered storage. */
  REMOTE_STORAGE_ENABLE("remote.storage.enable", "false", Why.NO_TIERS),
  /** Of the log's format. */
  SEGMENT_INDEX_BYTES("segment.index.bytes", "10485760", Why.INDEX),
  /** Segments roll when they are due. */
  SEGMENT_JITTER_MS("segment.jitter.ms", "0", "segments are rolled when segment.ms is over");

  private static final class Why {
    static final String AS_THEY_COME = "record batches are kept as producers compress them";
    static final String BY_DURABILITY = "durability says whether a record is on the disks first";
    static final String NO_THROTTLE = "replication is not throttled by this version";
    static final String INDEX = "an index is as large as its segment needs it";
    static final String NO_TIERS = "there is no tiered storage in this version";
  }

  private final String key;
  private final String value;
  private final String because;

  ConstantTopicConfig(String key, String value, String because) {
    this.key = key;
    this.value = value;
    this.because = because;
  }

  /** Its name. */
  public String key() {
    return key;
  }

  /** What is in force. */
  public String value() {
    return value;
  }

  /** Why it cannot be anything else. */
  public String because() {
    return because;
  }

  /** Whether the value may be set: the one in force, with or without blanks, in any case. */
  boolean accepts(String wanted) {
    return wanted.strip().toLowerCase(Locale.ROOT).equals(value.toLowerCase(Locale.ROOT));
  }

  /** The configuration of that name, or null if there is none. */
  public static @Nullable ConstantTopicConfig of(String name) {
    for (ConstantTopicConfig each : values()) {
      if (each.key.equals(name)) {
        return each;
      }
    }
    return null;
  }
}
