// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.publish;

import io.jangada.metadata.store.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber: it either follows the changes from where it stands or is being sent a snapshot.
 * Nothing is queued for it: while it is not ready, its changes stay in the shared log, and when
 * that has moved on it gets a snapshot. Owned by the publisher's thread.
 */
final class Subscription {
  private static final int PAGE_BYTES = 1 << 20;

  private final ChangeSource source;
  private final RecentChanges recent;
  private final Path directory;
  private final DeltaSink sink;
  private long index;
  private long toldIndex = -1;
  private @Nullable SnapshotTransfer snapshot;

  Subscription(
      ChangeSource source, RecentChanges recent, Path directory, DeltaSink sink, long fromIndex) {
    this.source = source;
    this.recent = recent;
    this.directory = directory;
    this.sink = sink;
    this.index = fromIndex;
  }

  /** Sends what there is while the subscriber takes it. */
  void advance() throws IOException {
    while (sink.ready()) {
      SnapshotTransfer transfer = snapshot;
      if (transfer != null) {
        if (!transfer.advance(sink)) {
          return;
        }
        index = transfer.index();
        close();
      }
      @Nullable List<Change> next = next();
      if (next == null) {
        SnapshotTransfer begun = new SnapshotTransfer(source, directory);
        snapshot = begun;
        begun.begin(sink);
      } else if (next.isEmpty()) {
        return;
      } else {
        send(next);
      }
    }
  }

  private @Nullable List<Change> next() {
    if (index > source.changeIndex()) {
      // This member is behind the subscriber, which never goes back: it catches up soon.
      return List.of();
    }
    @Nullable List<Change> changes = recent.after(index);
    return changes == null ? source.changesAfter(index, PAGE_BYTES) : changes;
  }

  private void send(List<Change> changes) {
    for (Change change : changes) {
      if (!sink.ready()) {
        return;
      }
      sink.change(change);
      index = change.index();
    }
  }

  /**
   * Tells a subscriber that has been sent every change up to an index.
   *
   * @param appliedIndex read before the changes were
   */
  void progress(long appliedIndex) throws IOException {
    advance();
    boolean caughtUp = snapshot == null && sink.ready() && appliedIndex > toldIndex;
    if (caughtUp) {
      toldIndex = appliedIndex;
      sink.progress(appliedIndex);
    }
  }

  /** Tells it again even if nothing happened: it wants to hear that we are here. */
  void stillHere(long appliedIndex) throws IOException {
    toldIndex = -1;
    progress(appliedIndex);
  }

  DeltaSink sink() {
    return sink;
  }

  void close() throws IOException {
    SnapshotTransfer transfer = snapshot;
    if (transfer != null) {
      snapshot = null;
      transfer.close();
    }
  }
}
