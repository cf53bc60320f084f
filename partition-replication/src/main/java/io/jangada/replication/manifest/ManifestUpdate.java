// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.manifest;

import io.jangada.common.TopicIdPartition;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * One transaction: all of it or nothing.
 *
 * @param changed entries that replace older ones; a log in it is not damaged any more
 * @param removed logs that are no more
 * @param damaged logs that must not be used, with the reason for people
 * @param journal what is known of the journal
 */
public record ManifestUpdate(
    List<ManifestEntry> changed,
    Collection<TopicIdPartition> removed,
    Map<TopicIdPartition, String> damaged,
    JournalMark journal) {}
