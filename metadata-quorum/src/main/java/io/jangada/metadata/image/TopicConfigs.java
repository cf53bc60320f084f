// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.Refusal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A topic's configuration, typed and with defaults; {@link TopicConfigKey} says what each means.
 * Immutable.
 *
 * @param minInsyncReplicas the replication factor bounds it (REPLICATION.md, rule 7)
 * @param maxMessageBytes the largest record batch
 * @param segmentBytes when a log segment is full
 * @param segmentMs when it is too old
 * @param retentionMs -1 = for ever
 * @param retentionBytes -1 = all
 * @param memoryDurable whether a record counts as safe once it is in the memory of the in-sync
 *     replicas
 * @param uncleanLeaderElection whether availability goes before durability
 * @param timestamps whose clock, and how far it may be off
 * @param cleanup how records go
 */
public record TopicConfigs(
    int minInsyncReplicas,
    int maxMessageBytes,
    int segmentBytes,
    long segmentMs,
    long retentionMs,
    long retentionBytes,
    boolean memoryDurable,
    boolean uncleanLeaderElection,
    Timestamps timestamps,
    Cleanup cleanup) {
  private static final int MAX_SUGGESTION_DISTANCE = 4;
  private static final String MEMORY = "memory";
  private static final String APPEND_TIME = "LogAppendTime";

  /**
   * The times of records.
   *
   * @param appendTime whether they are the broker's, not the producer's
   * @param beforeMaxMs how long ago a producer's may be
   * @param afterMaxMs how far ahead
   */
  public record Timestamps(boolean appendTime, long beforeMaxMs, long afterMaxMs) {
    private static final Set<String> KEYS =
        Set.of(
            TopicConfigKey.MESSAGE_TIMESTAMP_TYPE.key(),
            TopicConfigKey.MESSAGE_TIMESTAMP_BEFORE_MAX_MS.key(),
            TopicConfigKey.MESSAGE_TIMESTAMP_AFTER_MAX_MS.key());

    private static Timestamps of(Map<String, String> configs) {
      return new Timestamps(
          TopicConfigKey.MESSAGE_TIMESTAMP_TYPE.in(configs).equals(APPEND_TIME),
          Long.parseLong(TopicConfigKey.MESSAGE_TIMESTAMP_BEFORE_MAX_MS.in(configs)),
          Long.parseLong(TopicConfigKey.MESSAGE_TIMESTAMP_AFTER_MAX_MS.in(configs)));
    }
  }

  /**
   * Reads configurations that {@link #check} accepted.
   *
   * @param configs what was set, by key
   */
  public static TopicConfigs of(Map<String, String> configs) {
    return new TopicConfigs(
        Integer.parseInt(TopicConfigKey.MIN_INSYNC_REPLICAS.in(configs)),
        Integer.parseInt(TopicConfigKey.MAX_MESSAGE_BYTES.in(configs)),
        Integer.parseInt(TopicConfigKey.SEGMENT_BYTES.in(configs)),
        Long.parseLong(TopicConfigKey.SEGMENT_MS.in(configs)),
        Long.parseLong(TopicConfigKey.RETENTION_MS.in(configs)),
        Long.parseLong(TopicConfigKey.RETENTION_BYTES.in(configs)),
        TopicConfigKey.DURABILITY.in(configs).equals(MEMORY),
        Boolean.parseBoolean(TopicConfigKey.UNCLEAN_LEADER_ELECTION.in(configs)),
        Timestamps.of(configs),
        Cleanup.of(configs));
  }

  /**
   * How records go.
   *
   * @param delete whether whole segments go, by their age or because there are too many
   * @param compact whether a record goes that has a newer one of the same key
   * @param deleteRetentionMs how long tombstones stay
   * @param minCompactionLagMs how old a record has to be
   * @param maxCompactionLagMs how old it may become
   * @param minDirtyRatio how much has to be new, of 1
   */
  public record Cleanup(
      boolean delete,
      boolean compact,
      long deleteRetentionMs,
      long minCompactionLagMs,
      long maxCompactionLagMs,
      double minDirtyRatio) {
    private static Cleanup of(Map<String, String> configs) {
      return new Cleanup(
          TopicConfigKey.CLEANUP_POLICY.contains(configs, "delete"),
          TopicConfigKey.CLEANUP_POLICY.contains(configs, "compact"),
          Long.parseLong(TopicConfigKey.DELETE_RETENTION_MS.in(configs)),
          Long.parseLong(TopicConfigKey.MIN_COMPACTION_LAG_MS.in(configs)),
          Long.parseLong(TopicConfigKey.MAX_COMPACTION_LAG_MS.in(configs)),
          Double.parseDouble(TopicConfigKey.MIN_CLEANABLE_DIRTY_RATIO.in(configs)));
    }
  }

  /**
   * Why a topic cannot have all of these, each of which {@link #check} accepted, or null if it can.
   * A broker that does not know of compaction would delete what is to be kept, and one that does
   * not know of rules for times would not keep them.
   *
   * @param featureLevel in force
   */
  public static @Nullable Refusal checkTogether(Map<String, String> configs, int featureLevel) {
    Cleanup cleanup = Cleanup.of(configs);
    if (cleanup.minCompactionLagMs() > cleanup.maxCompactionLagMs()) {
      return invalid(
          "expected min.compaction.lag.ms to be at most max.compaction.lag.ms, but "
              + cleanup.minCompactionLagMs()
              + " is more than "
              + cleanup.maxCompactionLagMs(),
          "a record has to be old enough before it is too old");
    }
    if (cleanup.compact() && featureLevel < FeatureRange.COMPACTION) {
      return tooOld("a compacted topic", FeatureRange.COMPACTION, featureLevel);
    }
    return featureLevel < FeatureRange.TIMESTAMPS
            && Timestamps.KEYS.stream().anyMatch(configs::containsKey)
        ? tooOld("rules for the times of records", FeatureRange.TIMESTAMPS, featureLevel)
        : null;
  }

  private static Refusal tooOld(String what, int needed, int featureLevel) {
    return new Refusal(
        ErrorCode.UNSUPPORTED,
        "expected feature level "
            + needed
            + " or above for "
            + what
            + ", but it is "
            + featureLevel,
        "raise it once every node runs this version: jangada quorum feature-level --set " + needed);
  }

  /** Why these cannot be set, or null if they can. */
  public static @Nullable Refusal check(Map<String, String> configs) {
    for (Map.Entry<String, String> config : configs.entrySet()) {
      Refusal refusal = check(config.getKey(), config.getValue());
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  /** Why there is no such key, or null if there is. */
  public static @Nullable Refusal checkKey(String name) {
    return TopicConfigKey.of(name) != null || ConstantTopicConfig.of(name) != null
        ? null
        : invalid(
            "expected a topic configuration of this version, but got " + quoted(name),
            suggestion(name));
  }

  private static @Nullable Refusal check(String name, String value) {
    TopicConfigKey key = TopicConfigKey.of(name);
    if (key == null) {
      ConstantTopicConfig constant = ConstantTopicConfig.of(name);
      return constant == null ? checkKey(name) : check(constant, value);
    }
    return key.accepts(value)
        ? null
        : invalid(
            "expected " + name + " to be " + key.expected() + ", but got " + quoted(value),
            "leave it out for the default, " + key.defaultValue());
  }

  private static @Nullable Refusal check(ConstantTopicConfig constant, String value) {
    return constant.accepts(value)
        ? null
        : invalid(
            "expected "
                + constant.key()
                + " to be "
                + quoted(constant.value())
                + ", but got "
                + quoted(value),
            constant.because());
  }

  private static String suggestion(String name) {
    return Arrays.stream(TopicConfigKey.values())
        .map(TopicConfigKey::key)
        .filter(known -> EditDistance.between(name, known) <= MAX_SUGGESTION_DISTANCE)
        .min(Comparator.comparingInt(known -> EditDistance.between(name, known)))
        .map(known -> "did you mean " + known + "?")
        .orElseGet(
            () ->
                "this version knows "
                    + Arrays.stream(TopicConfigKey.values())
                        .map(TopicConfigKey::key)
                        .collect(Collectors.joining(", ")));
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  private static Refusal invalid(String message, String hint) {
    return new Refusal(ErrorCode.INVALID_CONFIG, message, hint);
  }
}
