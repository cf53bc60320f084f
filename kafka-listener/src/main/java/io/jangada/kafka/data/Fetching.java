// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.FetchService;
import io.jangada.broker.service.FetchService.Fetched;
import io.jangada.broker.service.FetchService.Parked;
import io.jangada.broker.service.OffsetService;
import io.jangada.broker.service.OffsetService.EpochEnd;
import io.jangada.common.JangadaException;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.codec.LogRecords;
import io.jangada.kafka.network.MemoryBudget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch request from its beginning to its answer. Its partitions are read one after the other;
 * where that is less than the client waits for, the request is parked: it costs memory, no thread,
 * and all is read anew when one of the partitions has more. Belongs to the connection's thread.
 */
final class Fetching {
  private static final Logger log = LoggerFactory.getLogger(Fetching.class);
  private static final byte READ_COMMITTED = 1;

  /** Followers are read from since then (KIP-392). */
  private static final short FIRST_FROM_FOLLOWERS = 11;

  /** A client that waits longer has gone. */
  private static final int MAX_WAIT_MS = 300_000;

  private final Resources resources;
  private final FetchRequestData request;
  private final RequestContext context;
  private final FetchScope scope;
  private final List<FetchTarget> targets;
  private final long beganNs = System.nanoTime();
  private final CompletableFuture<FetchResponseData> answer = new CompletableFuture<>();

  private final Map<FetchTarget, PartitionData> read = new LinkedHashMap<>();
  private final List<Parked> parked = new ArrayList<>();
  private RequestContext.@Nullable Timer timer;
  private int next;
  private long bytes;
  private boolean failed;
  private boolean full;
  private long heldBytes;
  private boolean waiting;
  private boolean waitIsOver;
  private boolean ended;

  /**
   * What all fetches use.
   *
   * @param fetches reads partitions
   * @param offsets says where leader epochs end
   * @param metadata tells who leads
   * @param replicas finds a nearer replica
   * @param memory what was read and is not sent
   * @param maxBytes of the records of a response
   */
  record Resources(
      FetchService fetches,
      OffsetService offsets,
      ClusterMetadata metadata,
      NearestReplica replicas,
      MemoryBudget memory,
      int maxBytes) {}

  Fetching(
      Resources resources, FetchRequestData request, RequestContext context, FetchScope scope) {
    this.resources = resources;
    this.request = request;
    this.context = context;
    this.scope = scope;
    this.targets = scope.targets();
  }

  CompletableFuture<FetchResponseData> start() {
    context.whenDone(this::end);
    if (scope instanceof FetchScope.Refused refused) {
      targets.forEach(target -> read.put(target, FetchAnswer.refused(target, refused.error())));
      finish();
    } else {
      readOn();
    }
    return answer;
  }

  /** Reads what was not read yet, as far as that goes at once. */
  private void readOn() {
    while (!ended && next < targets.size()) {
      if (!readNext(targets.get(next))) {
        return;
      }
    }
    if (!ended) {
      finishOrPark();
    }
  }

  /** Returns whether the target is done with; otherwise reading goes on later. */
  private boolean readNext(FetchTarget target) {
    if (target.lastFetchedEpoch() >= 0) {
      readUnlessDiverged(target);
      return false;
    }
    return read(target);
  }

  private boolean read(FetchTarget target) {
    try {
      Fetched now = look(target, target.offset());
      int nearer = resources.replicas().nearerThanHere(target.ref(), request.rackId(), context);
      if (nearer == NearestReplica.NONE) {
        return readRecords(target, now);
      }
      failed = true;
      done(
          target,
          FetchAnswer.of(target, now, LogRecords.NONE, readCommitted())
              .setPreferredReadReplica(nearer));
    } catch (JangadaException refused) {
      done(target, refused(target, refused));
    }
    return true;
  }

  private Fetched look(FetchTarget target, long offset) {
    return resources.fetches().look(target.ref(), offset, target.leaderEpoch(), fromFollowers());
  }

  /** The client has records that may not be in the log any more (KIP-595). */
  private void readUnlessDiverged(FetchTarget target) {
    var unused =
        resources
            .offsets()
            .endOfEpoch(target.ref(), target.leaderEpoch(), target.lastFetchedEpoch())
            .whenCompleteAsync(
                (end, failure) ->
                    guarded(
                        () -> {
                          if (failure != null) {
                            done(target, refused(target, failure));
                          } else if (!readAfter(target, end)) {
                            return;
                          }
                          readOn();
                        }),
                context.thread());
  }

  private boolean readAfter(FetchTarget target, EpochEnd end) {
    if (end.endOffset() < 0) {
      failed = true;
      done(target, FetchAnswer.refused(target, Errors.OFFSET_OUT_OF_RANGE));
      return true;
    }
    if (end.leaderEpoch() == target.lastFetchedEpoch() && end.endOffset() >= target.offset()) {
      return read(target);
    }
    failed = true;
    try {
      Fetched now = look(target, Math.min(target.offset(), end.endOffset()));
      done(
          target,
          FetchAnswer.of(target, now, LogRecords.NONE, readCommitted())
              .setDivergingEpoch(
                  new EpochEndOffset().setEpoch(end.leaderEpoch()).setEndOffset(end.endOffset())));
    } catch (JangadaException refused) {
      done(target, refused(target, refused));
    }
    return true;
  }

  /** What goes wrong where nobody sees it would leave the client without an answer. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException defect) {
      end();
      answer.completeExceptionally(defect);
    }
  }

  private boolean readRecords(FetchTarget target, Fetched now) {
    long room = Math.min(resources.maxBytes(), request.maxBytes()) - bytes;
    int limit = (int) Math.min(room, target.maxBytes());
    boolean nothingYet = bytes == 0;
    if (target.offset() >= now.highWatermark() || (limit <= 0 && !nothingYet)) {
      done(target, FetchAnswer.of(target, now, LogRecords.NONE, readCommitted()));
      return true;
    }
    int wanted = Math.max(1, limit);
    if (heldBytes > 0 && !resources.memory().takeMore(wanted)) {
      // Two that wait for what the other holds would wait for ever.
      full = true;
      done(target, FetchAnswer.of(target, now, LogRecords.NONE, readCommitted()));
      return true;
    }
    if (heldBytes == 0 && !resources.memory().take(wanted, this::memoryIsThere)) {
      return false;
    }
    heldBytes += wanted;
    CompletableFuture<Fetched> fetched =
        fromFollowers()
            ? resources
                .fetches()
                .fetchHere(target.ref(), target.offset(), target.leaderEpoch(), wanted)
            : resources
                .fetches()
                .fetch(target.ref(), target.offset(), target.leaderEpoch(), wanted);
    if (fetched.isDone()) {
      recordsCame(target, wanted, fetched);
      return true;
    }
    var unused =
        fetched.whenCompleteAsync(
            (done, failure) ->
                guarded(
                    () -> {
                      recordsCame(target, wanted, fetched);
                      readOn();
                    }),
            context.thread());
    return false;
  }

  private void recordsCame(FetchTarget target, int reserved, CompletableFuture<Fetched> fetched) {
    PartitionData data;
    int size = 0;
    if (fetched.isCompletedExceptionally()) {
      data = refused(target, fetched.exceptionNow());
    } else {
      Fetched found = fetched.join();
      // At least one batch comes; but only the first of a response may be larger than it should be.
      boolean fits = bytes == 0 || found.sizeInBytes() <= reserved;
      size = fits ? found.sizeInBytes() : 0;
      data =
          FetchAnswer.of(
              target,
              found,
              fits ? new LogRecords(found.batches(), found.sizeInBytes()) : LogRecords.NONE,
              readCommitted());
    }
    if (size > reserved) {
      resources.memory().force(size - reserved);
    } else {
      resources.memory().release(reserved - size);
    }
    heldBytes += size - reserved;
    if (ended) {
      release();
      return;
    }
    bytes += size;
    done(target, data);
  }

  private void done(FetchTarget target, PartitionData data) {
    read.put(target, data);
    next++;
  }

  private PartitionData refused(FetchTarget target, Throwable failure) {
    failed = true;
    return FetchAnswer.refused(target, PartitionErrors.of(failure, target.topic().byId()));
  }

  private void memoryIsThere() {
    context.thread().execute(() -> guarded(this::readOn));
  }

  private void finishOrPark() {
    long leftMs =
        Math.min(request.maxWaitMs(), MAX_WAIT_MS) - (System.nanoTime() - beganNs) / 1_000_000;
    if (failed
        || full
        || bytes >= request.minBytes()
        || leftMs <= 0
        || waitIsOver
        || targets.isEmpty()) {
      finish();
      return;
    }
    if (timer == null) {
      timer =
          context.schedule(
              () -> {
                waitIsOver = true;
                guarded(this::wake);
              },
              leftMs);
    }
    waiting = true;
    for (FetchTarget target : targets) {
      PartitionData data = read.get(target);
      if (data != null) {
        park(target, data);
      }
    }
  }

  private void park(FetchTarget target, PartitionData data) {
    // Where all was read that there is, until there is more; elsewhere the timer will do.
    long end = Math.max(target.offset(), data.highWatermark());
    Runnable wake = () -> context.thread().execute(() -> guarded(this::wake));
    try {
      parked.add(
          fromFollowers()
              ? resources.fetches().parkHere(target.ref(), end, wake)
              : resources.fetches().park(target.ref(), end, wake));
    } catch (JangadaException refused) {
      log.debug("Fetch of {} waits for its time only: {}", target, refused.toString());
    }
  }

  /** There may be more: all is read anew, if it is still wanted. */
  private void wake() {
    if (ended || !waiting) {
      return;
    }
    waiting = false;
    unpark();
    release();
    read.clear();
    next = 0;
    bytes = 0;
    failed = false;
    full = false;
    readOn();
  }

  private void finish() {
    FetchAnswer whole = new FetchAnswer(resources.metadata(), context, scope);
    FetchResponseData response = whole.response(read);
    ended = true;
    unpark();
    answer.complete(response);
  }

  /** The answer was sent, or nobody wants it any more. */
  private void end() {
    ended = true;
    unpark();
    release();
  }

  private void unpark() {
    List<Parked> all = List.copyOf(parked);
    parked.clear();
    all.forEach(Parked::close);
    if (ended && timer != null) {
      timer.cancel();
    }
  }

  private void release() {
    resources.memory().release(heldBytes);
    heldBytes = 0;
  }

  private boolean fromFollowers() {
    return context.version() >= FIRST_FROM_FOLLOWERS;
  }

  private boolean readCommitted() {
    return request.isolationLevel() == READ_COMMITTED;
  }
}
