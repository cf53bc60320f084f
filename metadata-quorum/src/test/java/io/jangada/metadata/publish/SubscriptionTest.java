// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.JangadaException;
import io.jangada.metadata.store.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubscriptionTest {
  @TempDir Path directory;

  private final Source source = new Source();
  private final RecentChanges recent = new RecentChanges(4, 1_000);
  private final Sink sink = new Sink();

  @Test
  void aSubscriberGetsWhatFollowsItsIndexFromMemoryOrFromTheStore() throws Exception {
    changes(1, 10);
    subscribe(3).advance();
    assertThat(sink.got).containsExactly("4", "5", "6", "7", "8", "9", "10");
  }

  @Test
  void oneBehindTheChangeLogGetsASnapshotAndThenChanges() throws Exception {
    changes(1, 10);
    source.oldest = 6;
    Subscription subscription = subscribe(2);
    subscription.advance();
    assertThat(sink.got).containsExactly("begin 10", "chunk state@10", "end");
    changes(11, 11);
    subscription.advance();
    assertThat(sink.got).endsWith("end", "11");
    try (var files = Files.list(directory)) {
      assertThat(files).as("nothing is left of the snapshot").isEmpty();
    }
  }

  @Test
  void aSlowSubscriberQueuesNothingAndLosesNothing() throws Exception {
    Subscription subscription = subscribe(0);
    changes(1, 2);
    sink.room = 1;
    subscription.advance();
    assertThat(sink.got).containsExactly("1");
    changes(3, 9);
    sink.room = 100;
    subscription.advance();
    assertThat(sink.got).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9");
  }

  @Test
  void progressIsToldOnlyToWhoHasEverythingAndOnlyOnce() throws Exception {
    Subscription subscription = subscribe(0);
    changes(1, 2);
    sink.room = 1;
    subscription.progress(5);
    assertThat(sink.got).containsExactly("1");
    sink.room = 100;
    subscription.progress(5);
    subscription.progress(5);
    assertThat(sink.got).containsExactly("1", "2", "progress 5");
    subscription.stillHere(5);
    assertThat(sink.got).endsWith("progress 5", "progress 5");
  }

  @Test
  void aSubscriberAheadOfThisMemberWaits() throws Exception {
    changes(1, 3);
    Subscription subscription = subscribe(5);
    subscription.advance();
    assertThat(sink.got).isEmpty();
    changes(4, 6);
    subscription.advance();
    assertThat(sink.got).containsExactly("6");
  }

  private Subscription subscribe(long from) {
    return new Subscription(source, recent, directory, sink, from);
  }

  private void changes(int from, int to) {
    for (int i = from; i <= to; i++) {
      Change change = new Change(i - 1, i, 1, new byte[] {(byte) i});
      source.changes.add(change);
      recent.add(change);
    }
  }

  private static final class Source implements ChangeSource {
    final List<Change> changes = new ArrayList<>();
    long oldest = 0;

    @Override
    public long appliedIndex() {
      // Entries that changed nothing.
      return changeIndex() + 2;
    }

    @Override
    public long changeIndex() {
      return changes.isEmpty() ? 0 : changes.getLast().index();
    }

    @Override
    public @Nullable List<Change> changesAfter(long index, int maxBytes) {
      return index < oldest
          ? null
          : changes.stream().filter(change -> change.index() > index).toList();
    }

    @Override
    public void copyTo(Path file) {
      try {
        Files.writeString(file, "state@" + changeIndex());
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static final class Sink implements DeltaSink {
    final List<String> got = new ArrayList<>();
    int room = 100;

    private void take(String event) {
      room--;
      got.add(event);
    }

    @Override
    public boolean ready() {
      return room > 0;
    }

    @Override
    public void change(Change change) {
      take(Long.toString(change.index()));
    }

    @Override
    public void snapshotBegin(long index, long lengthBytes) {
      take("begin " + index);
    }

    @Override
    public void snapshotChunk(byte[] data) {
      take("chunk " + new String(data, UTF_8));
    }

    @Override
    public void snapshotEnd(int crc32c) {
      take("end");
    }

    @Override
    public void progress(long index) {
      take("progress " + index);
    }

    @Override
    public void failed(JangadaException error) {
      take("failed");
    }
  }
}
