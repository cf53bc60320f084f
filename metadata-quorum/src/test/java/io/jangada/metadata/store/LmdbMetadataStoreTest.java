// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.JangadaException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmdbMetadataStoreTest {
  private static final List<String> TABLES = List.of("topics", "brokers");

  @TempDir Path directory;

  @Test
  void anEmptyStoreHasNoPosition() {
    try (MetadataStore store = open("boot-1")) {
      assertThat(store.position()).isEqualTo(StorePosition.EMPTY);
      assertThat(rows(store)).isEmpty();
      assertThat(store.changesAfter(0, 1_000)).isEmpty();
    }
  }

  @Test
  void rowsPositionAndChangesSurviveAReopening() {
    try (MetadataStore store = open("boot-1")) {
      put(store, 0, 5, "topics", "a", "1");
      put(store, 5, 7, "brokers", "b", "2");
    }
    try (MetadataStore store = open("boot-2")) {
      assertThat(store.position()).isEqualTo(new StorePosition(3, 7));
      assertThat(rows(store)).containsExactly("topics/a=1", "brokers/b=2");
      assertThat(indices(store, 0)).containsExactly(5L, 7L);
      assertThat(indices(store, 5)).containsExactly(7L);
      assertThat(indices(store, 7)).isEmpty();
    }
  }

  @Test
  void aRowIsReplacedAndDeleted() {
    try (MetadataStore store = open("boot-1")) {
      put(store, 0, 5, "topics", "a", "1");
      put(store, 5, 6, "topics", "a", "2");
      assertThat(rows(store)).containsExactly("topics/a=2");
      store.commit(
          new StorePosition(3, 8), List.of(new Row("topics", "a".getBytes(UTF_8), null)), null);
      assertThat(rows(store)).isEmpty();
      assertThat(store.position().index()).isEqualTo(8);
      assertThat(indices(store, 6)).as("nothing for subscribers at 8").isEmpty();
    }
  }

  @Test
  void aDeadProcessLosesNothingButADeadMachineLosesTheStore() throws Exception {
    MetadataStore store = open("boot-1");
    put(store, 0, 5, "topics", "a", "1");
    // What a dead process leaves: the files as they are, without a clean mark.
    Path files = Files.createDirectory(directory.resolve("left"));
    copy(files);
    store.close();
    try (MetadataStore same =
        LmdbMetadataStore.open(files.resolve("m.mdb"), TABLES, options("boot-1"))) {
      assertThat(same.position().index()).isEqualTo(5);
    }
    MetadataStore again = LmdbMetadataStore.open(files.resolve("m.mdb"), TABLES, options("boot-1"));
    Path rebooted = Files.createDirectory(directory.resolve("rebooted"));
    for (String name : List.of("m.mdb", "m.mdb.mark")) {
      Files.copy(files.resolve(name), rebooted.resolve(name));
    }
    again.close();
    try (MetadataStore lost =
        LmdbMetadataStore.open(rebooted.resolve("m.mdb"), TABLES, options("boot-2"))) {
      assertThat(lost.position()).isEqualTo(StorePosition.EMPTY);
      assertThat(rows(lost)).isEmpty();
    }
  }

  @Test
  void theChangeLogIsBoundedAndSaysWhatItNoLongerHas() {
    try (MetadataStore store = open("boot-1")) {
      for (int i = 1; i <= 20; i++) {
        put(store, i - 1, i, "topics", "k" + i, "v");
      }
      assertThat(store.changesAfter(0, 1_000)).isNull();
      assertThat(store.changesAfter(9, 1_000)).isNull();
      assertThat(indices(store, 10)).hasSize(10);
      assertThat(store.changesAfter(12, 1)).as("one at least").hasSize(1);
      assertThat(store.changesAfter(25, 1_000)).as("a state that is not ours").isNull();
    }
  }

  @Test
  void aCopyReplacesAnotherStore() {
    Path copy = directory.resolve("snapshot");
    try (MetadataStore store = open("boot-1")) {
      put(store, 0, 5, "topics", "a", "1");
      store.copyTo(new StorePosition(4, 9), copy);
    }
    try (MetadataStore other =
        LmdbMetadataStore.open(directory.resolve("other.mdb"), TABLES, options("boot-1"))) {
      put(other, 0, 2, "topics", "z", "9");
      other.replaceWith(copy);
      assertThat(other.position()).isEqualTo(new StorePosition(4, 9));
      assertThat(rows(other)).containsExactly("topics/a=1");
      put(other, 5, 10, "topics", "b", "2");
      assertThat(rows(other)).hasSize(2);
    }
    assertThat(copy).exists();
  }

  @Test
  void aClosedStoreSaysSo() {
    MetadataStore store = open("boot-1");
    store.close();
    store.close();
    assertThatThrownBy(() -> rows(store)).isInstanceOf(JangadaException.class);
  }

  private MetadataStore open(String bootId) {
    return LmdbMetadataStore.open(directory.resolve("m.mdb"), TABLES, options(bootId));
  }

  private static LmdbMetadataStore.Options options(String bootId) {
    return new LmdbMetadataStore.Options(1 << 26, 10, bootId);
  }

  private void copy(Path target) throws Exception {
    for (String name : List.of("m.mdb", "m.mdb.mark")) {
      Files.copy(directory.resolve(name), target.resolve(name));
    }
  }

  private static void put(
      MetadataStore store, long prev, long index, String table, String key, String value) {
    store.commit(
        new StorePosition(3, index),
        List.of(new Row(table, key.getBytes(UTF_8), value.getBytes(UTF_8))),
        new Change(prev, index, 1, value.getBytes(UTF_8)));
  }

  private static List<String> rows(MetadataStore store) {
    List<String> rows = new ArrayList<>();
    store.forEachRow(
        row ->
            rows.add(
                row.table()
                    + "/"
                    + new String(row.key(), UTF_8)
                    + "="
                    + new String(java.util.Objects.requireNonNull(row.value()), UTF_8)));
    return rows;
  }

  private static List<Long> indices(MetadataStore store, long after) {
    return java.util.Objects.requireNonNull(store.changesAfter(after, 1_000)).stream()
        .map(Change::index)
        .toList();
  }
}
