// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

/**
 * The feature levels that a process understands. The level in force decides which record types may
 * be written; it is raised after every process understands the higher one.
 *
 * @param min the lowest level
 * @param max the highest level
 */
public record FeatureRange(int min, int max) {
  /** From this level on a topic's configuration can change. */
  public static final int TOPIC_CONFIGURED = 2;

  /**
   * From this level on a broker whose log directories changed keeps its rights over what is whole,
   * and registrations carry unfit directories and the number of the run.
   */
  public static final int DURABLE = 2;

  /** From this level on the cluster and its brokers have settings that change while they run. */
  public static final int SETTINGS = 3;

  /** From this level on a broker can be forgotten. */
  public static final int BROKER_REMOVED = 4;

  /**
   * From this level on brokers keep what a restored history does not know, and partitions may have
   * a comparison of their logs.
   */
  public static final int HISTORIES = 5;

  /** From this level on topics can be compacted. */
  public static final int COMPACTION = 6;

  /** From this level on topics say whose clock gives records their times, and its limits. */
  public static final int TIMESTAMPS = 6;

  /** What this version understands. */
  public static final FeatureRange SUPPORTED = new FeatureRange(1, 6);

  /** Whether a process with this range can take part at that level. */
  public boolean contains(int level) {
    return min <= level && level <= max;
  }
}
