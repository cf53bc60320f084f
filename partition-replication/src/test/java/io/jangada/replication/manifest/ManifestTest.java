// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.LeaderEpochHistory;
import io.jangada.replication.log.Durability;
import io.jangada.replication.log.LogCheckpoint;
import io.jangada.replication.storage.FaultyStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  private static final UUID DIRECTORY = new UUID(1, 2);
  private static final UUID TOPIC = new UUID(3, 4);

  @TempDir Path temp;
  private final FaultyStorage disk = new FaultyStorage();
  private Path file;

  @BeforeEach
  void file() {
    file = temp.resolve("manifest");
  }

  private static final ManifestUpdate NOTHING = update(List.of(), List.of());

  private static ManifestUpdate update(List<ManifestEntry> changed, List<TopicIdPartition> gone) {
    return new ManifestUpdate(changed, gone, Map.of(), new JournalMark(5, 6));
  }

  private static TopicIdPartition partition(int number) {
    return new TopicIdPartition(TOPIC, number);
  }

  private static ManifestEntry entry(int partition, long number) {
    LeaderEpochHistory epochs = new LeaderEpochHistory();
    epochs.append(3, 10);
    epochs.append(5, number + 20);
    return new ManifestEntry(
        partition(partition),
        "orders-ü",
        new LogCheckpoint(
            number,
            number + 100,
            77,
            List.of(
                new LogCheckpoint.Segment(0, 1_000, 5, 77),
                new LogCheckpoint.Segment(50, 138, 6, -8)),
            number,
            number + 90,
            epochs,
            Durability.MEMORY,
            ByteBuffer.wrap(new byte[] {1, 2, (byte) number})));
  }

  private static String text(Map<TopicIdPartition, ManifestEntry> entries) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(entries)
        .values()
        .forEach(e -> text.append(e).append(e.checkpoint().producers().hashCode()).append('\n'));
    return text.toString();
  }

  private ManifestContent read() throws IOException {
    return ManifestContent.read(disk, file, DIRECTORY);
  }

  private Manifest create() throws IOException {
    return Manifest.create(disk, file, DIRECTORY, 0, NOTHING);
  }

  @Test
  void thereIsNoneAtFirst() throws IOException {
    assertThat(read()).isEqualTo(ManifestContent.NONE);
    assertThat(read().reaches(0)).isTrue();
    assertThat(read().reaches(1)).isFalse();
  }

  @Test
  void givesBackTheNewestOfEach() throws IOException {
    try (Manifest manifest = create()) {
      manifest.commit(update(List.of(entry(1, 10), entry(2, 11)), List.of()));
      manifest.commit(update(List.of(entry(1, 20)), List.of(partition(2))));
      manifest.commit(update(List.of(entry(3, 30)), List.of()));
      ManifestContent content = read();
      assertThat(content.problem()).isEmpty();
      assertThat(content.droppedBytes()).isZero();
      assertThat(content.sequence()).isEqualTo(manifest.sequence()).isEqualTo(4);
      assertThat(text(content.entries()))
          .isEqualTo(text(Map.of(partition(1), entry(1, 20), partition(3), entry(3, 30))));
    }
  }

  @Test
  void remembersDamageUntilTheLogIsReplacedOrGone() throws IOException {
    try (Manifest manifest = create()) {
      manifest.commit(update(List.of(entry(1, 10), entry(2, 11), entry(3, 12)), List.of()));
      Map<TopicIdPartition, String> damaged =
          Map.of(partition(1), "rot", partition(2), "böse", partition(3), "rot");
      manifest.commit(new ManifestUpdate(List.of(), List.of(), damaged, new JournalMark(7, 8)));
      assertThat(read().damaged()).isEqualTo(damaged);
      assertThat(read().journal()).isEqualTo(new JournalMark(7, 8));
      manifest.commit(update(List.of(entry(1, 20)), List.of(partition(2))));
      assertThat(read().damaged()).containsOnlyKeys(partition(3));
    }
  }

  @Test
  void goesOnWithHigherNumbersWhenBegunAnew() throws IOException {
    try (Manifest manifest =
        Manifest.create(disk, file, DIRECTORY, 41, update(List.of(entry(1, 5)), List.of()))) {
      assertThat(manifest.sequence()).isEqualTo(42);
      manifest.commit(update(List.of(entry(1, 6)), List.of()));
      assertThat(read().sequence()).isEqualTo(43);
      assertThat(read().reaches(43)).isTrue();
      assertThat(read().reaches(44)).isFalse();
    }
  }

  @Test
  void holdsThousandsOfLogsAndIsWrittenAnewWhenMostOfItIsOutdated() throws IOException {
    try (Manifest manifest = Manifest.create(disk, file, DIRECTORY, 0, NOTHING, 1 << 20)) {
      long number = 0;
      for (int round = 0; round < 12; round++) {
        List<ManifestEntry> changed = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
          changed.add(entry(i, ++number));
        }
        manifest.commit(update(changed, List.of()));
      }
      assertThat(manifest.size()).isEqualTo(3_000);
      assertThat(Files.size(file)).isEqualTo(manifest.sizeBytes()).isLessThan(3 << 20);
      assertThat(temp).isDirectoryNotContaining(path -> path.toString().endsWith(".new"));
      ManifestContent content = read();
      assertThat(content.entries()).hasSize(3_000);
      assertThat(content.sequence()).isEqualTo(manifest.sequence());
      assertThat(content.entries().get(partition(2_999)).checkpoint().number()).isEqualTo(number);
    }
  }

  @Test
  void isNotUsedForAnotherDirectoryNorFromAnotherVersion() throws IOException {
    create().close();
    assertThat(ManifestContent.read(disk, file, new UUID(8, 8)).problem())
        .contains(DIRECTORY.toString());
    byte[] content = Files.readAllBytes(file);
    Files.write(file, new byte[5]);
    assertThat(read().problem()).contains("header");
    content[20] ^= 1;
    Files.write(file, content);
    assertThat(read().problem()).contains("header");
    assertThat(read().reaches(0)).isFalse();
  }

  @Test
  void whateverIsDamagedItSaysWhatWasTrueAtTheTransactionItNames() throws IOException {
    Map<Long, String> truth = new HashMap<>();
    Map<TopicIdPartition, ManifestEntry> model = new HashMap<>();
    Random random = new Random(7);
    try (Manifest manifest = create()) {
      truth.put(0L, text(model));
      truth.put(manifest.sequence(), text(model));
      for (int i = 0; i < 40; i++) {
        ManifestEntry changed = entry(random.nextInt(6), i);
        model.put(changed.partition(), changed);
        List<TopicIdPartition> removed = List.of();
        if (i % 7 == 6) {
          removed = List.of(partition((changed.partition().partition() + 1) % 6));
          model.remove(removed.getFirst());
        }
        manifest.commit(update(List.of(changed), removed));
        truth.put(manifest.sequence(), text(model));
      }
    }
    byte[] sound = Files.readAllBytes(file);
    int noticed = 0;
    for (int round = 0; round < 2_000; round++) {
      Files.write(file, damaged(sound, random));
      ManifestContent content = read();
      assertThat(text(content.entries())).isEqualTo(truth.get(content.sequence()));
      boolean whole = content.reaches(41);
      noticed += whole ? 0 : 1;
      if (whole) {
        // Only what was added behind the last transaction may stay unnoticed, and it is reported.
        assertThat(content.sequence()).isEqualTo(41);
      }
    }
    assertThat(noticed).isGreaterThan(1_500);
  }

  private static byte[] damaged(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(4)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes = Arrays.copyOf(bytes, at);
      case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 512), (byte) 0);
      default -> {
        int length = Math.min(512, Math.min(bytes.length - at, at));
        System.arraycopy(bytes, at - length, bytes, at, length);
      }
    }
    return bytes;
  }

  @Test
  void aTransactionForWhichThereIsNoRoomLeavesNoTrace() throws IOException {
    try (Manifest manifest = create()) {
      manifest.commit(update(List.of(entry(1, 10)), List.of()));
      disk.bytesLeft(20);
      assertThatThrownBy(() -> manifest.commit(update(List.of(entry(1, 11)), List.of())))
          .hasMessageContaining("No space");
      assertThat(read().entries().get(partition(1)).checkpoint().number()).isEqualTo(10);
      disk.bytesLeft(Long.MAX_VALUE);
      manifest.commit(update(List.of(entry(1, 12)), List.of()));
      assertThat(read().entries().get(partition(1)).checkpoint().number()).isEqualTo(12);
      assertThat(read().droppedBytes()).isZero();
    }
  }
}
