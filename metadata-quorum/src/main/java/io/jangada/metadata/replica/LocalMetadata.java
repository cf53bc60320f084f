// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.replica;

import io.jangada.metadata.command.MetadataCodec;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.image.EntityKey;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import io.jangada.metadata.publish.ChangeSource;
import io.jangada.metadata.store.Change;
import io.jangada.metadata.store.LmdbMetadataStore;
import io.jangada.metadata.store.MetadataStore;
import io.jangada.metadata.store.Reserve;
import io.jangada.metadata.store.Row;
import io.jangada.metadata.store.StorePosition;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The image and the store under it. One writer at a time; everybody may read. The image is
 * published after the store has it.
 */
public final class LocalMetadata implements ChangeSource, AutoCloseable {
  private static final List<String> TABLES =
      Arrays.stream(EntityKey.Table.values()).map(Enum::name).toList();

  private final MetadataStore store;
  private volatile MetadataImage image;

  private LocalMetadata(MetadataStore store) {
    this.store = store;
    this.image = read(store);
  }

  /** Opens or creates the copy in that file. */
  public static LocalMetadata open(Path file, LmdbMetadataStore.Options options) {
    return open(file, options, Reserve.NONE);
  }

  /** Opens or creates the copy in that file, which may use up the reserve. */
  public static LocalMetadata open(Path file, LmdbMetadataStore.Options options, Reserve reserve) {
    return new LocalMetadata(LmdbMetadataStore.open(file, TABLES, options, reserve));
  }

  /**
   * Writes a store that has an image and nothing of how it came about, as a file that can be {@link
   * #replaceWith taken over}: whoever follows its changes begins with all of it.
   *
   * @param file must not exist; another one beside it is used meanwhile
   */
  public static void write(StorePosition position, MetadataImage image, Path file)
      throws IOException {
    Path scratch = file.resolveSibling(file.getFileName() + ".scratch.tmp");
    List<Row> rows = rows(new MetadataDelta(MetadataImage.EMPTY, image, image.toRecords()));
    // A change that leads here from a state that nobody has.
    Change last =
        new Change(
            position.index() - 1,
            position.index(),
            image.controllerEpoch(),
            MetadataCodec.encodeRecords(List.of()));
    try (MetadataStore store =
        LmdbMetadataStore.open(scratch, TABLES, LmdbMetadataStore.Options.defaults())) {
      store.commit(position, rows, last);
      store.copyTo(null, file);
    } finally {
      try (DirectoryStream<Path> left =
          Files.newDirectoryStream(file.getParent(), scratch.getFileName() + "*")) {
        for (Path each : left) {
          Files.delete(each);
        }
      }
    }
  }

  private static MetadataImage read(MetadataStore store) {
    List<MetadataRecord> records = new ArrayList<>();
    store.forEachRow(
        row -> records.addAll(MetadataCodec.decodeRecords(Objects.requireNonNull(row.value()))));
    return MetadataImage.ofRecords(Math.max(0, store.position().index()), records);
  }

  /** The metadata now. */
  public MetadataImage image() {
    return image;
  }

  /** What the store reflects. */
  public StorePosition position() {
    return store.position();
  }

  /** Whether a commit waits for room on the disk now. */
  public boolean waitingForRoom() {
    return store.waitingForRoom();
  }

  /** From now on a commit without room fails instead of waiting: the process is about to end. */
  public void endWaiting() {
    store.endWaiting();
  }

  @Override
  public long changeIndex() {
    return store.lastChangeIndex();
  }

  @Override
  public long appliedIndex() {
    return Math.max(0, store.position().index());
  }

  @Override
  public @Nullable List<Change> changesAfter(long index, int maxBytes) {
    return store.changesAfter(index, maxBytes);
  }

  @Override
  public void copyTo(Path file) {
    store.copyTo(null, file);
  }

  /** Writes the whole as a snapshot of that position. */
  public void snapshot(StorePosition position, Path file) {
    store.copyTo(position, file);
  }

  /**
   * Moves on by one entry.
   *
   * @param delta from the present image
   * @return what to send to subscribers; empty where nothing changed
   */
  public Optional<Change> commit(StorePosition position, MetadataDelta delta) {
    if (delta.isEmpty()) {
      store.commit(position, List.of(), null);
      image = delta.after();
      return Optional.empty();
    }
    Change change =
        new Change(
            store.lastChangeIndex(),
            position.index(),
            delta.after().controllerEpoch(),
            MetadataCodec.encodeRecords(delta.records()));
    store.commit(position, rows(delta), change);
    image = delta.after();
    return Optional.of(change);
  }

  /**
   * Moves on by one change that another member made.
   *
   * @param change must follow {@link #changeIndex}
   */
  public MetadataDelta commit(Change change) {
    List<MetadataRecord> records = MetadataCodec.decodeRecords(change.records());
    MetadataDelta delta = MetadataDelta.of(image, change.index(), records);
    store.commit(new StorePosition(0, change.index()), rows(delta), change);
    image = delta.after();
    return delta;
  }

  private static List<Row> rows(MetadataDelta delta) {
    List<Row> rows = new ArrayList<>();
    for (EntityKey key : delta.changedEntities()) {
      @Nullable MetadataRecord state = delta.after().stateRecord(key);
      rows.add(
          new Row(
              key.table().name(),
              key.bytes(),
              state == null ? null : MetadataCodec.encodeRecords(List.of(state))));
    }
    return rows;
  }

  /** Replaces everything by a snapshot; the delta leads from what was here to what is now. */
  public MetadataDelta replaceWith(Path snapshot) {
    MetadataImage before = image;
    store.replaceWith(snapshot);
    MetadataImage after = read(store);
    image = after;
    List<MetadataRecord> records = new ArrayList<>();
    for (TopicImage topic : before.topics().values()) {
      if (after.topic(topic.id()) == null) {
        records.add(new MetadataRecord.TopicDeleted(topic.id()));
      }
    }
    records.addAll(after.toRecords());
    return new MetadataDelta(before, after, records);
  }

  @Override
  public void close() {
    store.close();
  }
}
