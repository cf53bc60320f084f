// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * What a client reads, so that it need not say all of it in each request, and is answered only with
 * what has changed (KIP-227). Thread-safe: a client may come by another connection.
 */
final class FetchSession {
  private final int id;
  private final boolean byId;

  /** In the order of reading: who was given records goes last. */
  private final Map<FetchTarget.Key, Entry> entries = new LinkedHashMap<>();

  private int epoch = FetchMetadata.nextEpoch(FetchMetadata.INITIAL_EPOCH);
  private long usedNs = System.nanoTime();

  /** What is read, and what the client was told of it last. */
  private static final class Entry {
    FetchTarget target;
    long highWatermark = FetchResponse.INVALID_HIGH_WATERMARK;
    long logStartOffset = FetchResponse.INVALID_LOG_START_OFFSET;

    Entry(FetchTarget target) {
      this.target = target;
    }
  }

  FetchSession(int id, boolean byId, List<FetchTarget> targets) {
    this.id = id;
    this.byId = byId;
    targets.forEach(target -> entries.put(target.key(), new Entry(target)));
  }

  int id() {
    return id;
  }

  synchronized long usedNs() {
    return usedNs;
  }

  synchronized int size() {
    return entries.size();
  }

  /**
   * Goes on to the next request, if it is the one that is due.
   *
   * @return why it is not; NONE if it is
   */
  synchronized Errors advance(
      int requestEpoch,
      boolean requestById,
      List<FetchTarget> changed,
      List<FetchTarget.Key> forgotten) {
    if (requestEpoch != epoch) {
      return Errors.INVALID_FETCH_SESSION_EPOCH;
    }
    if (requestById != byId) {
      return Errors.FETCH_SESSION_TOPIC_ID_ERROR;
    }
    epoch = FetchMetadata.nextEpoch(epoch);
    usedNs = System.nanoTime();
    for (FetchTarget target : changed) {
      Entry entry = entries.computeIfAbsent(target.key(), key -> new Entry(target));
      entry.target = target;
    }
    forgotten.forEach(entries::remove);
    return Errors.NONE;
  }

  /** What is read, in the order of reading. */
  synchronized List<FetchTarget> targets() {
    List<FetchTarget> targets = new ArrayList<>(entries.size());
    entries.values().forEach(entry -> targets.add(entry.target));
    return targets;
  }

  /**
   * Notes what a client is told, and says whether that is new to it.
   *
   * @param first whether all of it is told, because it is the session's first answer
   */
  synchronized boolean tell(FetchTarget.Key key, PartitionData data, boolean first) {
    Entry entry = entries.get(key);
    if (entry == null) {
      return true;
    }
    boolean records = FetchResponse.recordsSize(data) > 0;
    boolean failed = data.errorCode() != Errors.NONE.code();
    boolean isNew =
        first
            || records
            || failed
            || data.highWatermark() != entry.highWatermark
            || data.logStartOffset() != entry.logStartOffset
            || FetchResponse.isPreferredReplica(data)
            || FetchResponse.isDivergingEpoch(data);
    // An error that goes away is told by the next answer.
    entry.highWatermark = failed ? FetchResponse.INVALID_HIGH_WATERMARK : data.highWatermark();
    entry.logStartOffset = data.logStartOffset();
    if (records) {
      entries.remove(key);
      entries.put(key, entry);
    }
    return isNew;
  }
}
