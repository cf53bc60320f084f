// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store on a disk without room: a file system in memory of 8 MiB. */
@Timeout(60)
class FullDiskTest {
  private static final LmdbMetadataStore.Options OPTIONS =
      new LmdbMetadataStore.Options(1L << 30, 100, "boot");
  private static final List<String> TABLES = List.of("t");

  @TempDir Path disk;
  private final Random random = new Random(1);

  @BeforeEach
  void mount() throws Exception {
    String refused = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString());
    if (!refused.isEmpty()) {
      abort("SKIPPED: a disk of limited size cannot be mounted here: " + refused);
    }
  }

  @AfterEach
  void unmount() throws Exception {
    assertThat(run("umount", disk.toString())).isEmpty();
  }

  @Test
  void aCommitWithoutRoomChangesNothingAndIsDoneOnceThereIsRoom() throws Exception {
    Path file = disk.resolve("m.mdb");
    int rows;
    try (MetadataStore store = LmdbMetadataStore.open(file, TABLES, OPTIONS)) {
      commit(store, 1);
      Path filler = fill();
      CompletableFuture<Integer> stuck = commitUntilStuck(store);
      int committed = (int) store.position().index();
      assertThat(stuck).isNotDone();
      assertThat(count(store)).isEqualTo(committed);

      Files.delete(filler);
      rows = stuck.get(20, TimeUnit.SECONDS);
      assertThat(store.waitingForRoom()).isFalse();
      assertThat(rows).isGreaterThan(committed);
      assertThat(count(store)).isEqualTo(rows);
    }
    try (MetadataStore store = LmdbMetadataStore.open(file, TABLES, OPTIONS)) {
      assertThat(store.position().index()).isEqualTo(rows);
      assertThat(count(store)).isEqualTo(rows);
    }
  }

  @Test
  void whatWaitsForRoomEndsWithTheStoreAndEverythingBeforeIsThere() throws Exception {
    Path file = disk.resolve("m.mdb");
    long committed;
    Path filler;
    CompletableFuture<Integer> stuck;
    try (MetadataStore store = LmdbMetadataStore.open(file, TABLES, OPTIONS)) {
      commit(store, 1);
      filler = fill();
      stuck = commitUntilStuck(store);
      committed = store.position().index();
    }
    assertThatThrownBy(stuck::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            JangadaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    Files.delete(filler);
    try (MetadataStore store = LmdbMetadataStore.open(file, TABLES, OPTIONS)) {
      assertThat(store.position().index()).isEqualTo(committed);
      assertThat(count(store)).isEqualTo((int) committed);
    }
  }

  @Test
  void theReserveIsUsedUpBeforeACommitWaits() throws Exception {
    Path reserve = disk.resolve("reserve");
    Files.write(reserve, new byte[2 << 20]);
    AtomicInteger given = new AtomicInteger();
    Reserve twice =
        () -> {
          try (FileChannel channel = FileChannel.open(reserve, StandardOpenOption.WRITE)) {
            channel.truncate((2 - given.incrementAndGet()) << 20);
            return true;
          } catch (IOException | IllegalArgumentException e) {
            given.decrementAndGet();
            return false;
          }
        };
    try (MetadataStore store =
        LmdbMetadataStore.open(disk.resolve("m.mdb"), TABLES, OPTIONS, twice)) {
      commit(store, 1);
      fill();
      CompletableFuture<Integer> stuck = commitUntilStuck(store);
      assertThat(given).hasValue(2);
      assertThat(store.position().index()).isGreaterThan(100);
      store.endWaiting();
      assertThat(stuck).failsWithin(20, TimeUnit.SECONDS);
    }
  }

  /** Goes on until it has committed 100 more after it was stuck. */
  private CompletableFuture<Integer> commitUntilStuck(MetadataStore store) {
    CompletableFuture<Integer> stuck =
        CompletableFuture.supplyAsync(
            () -> {
              int index = 1;
              boolean waited = false;
              while (!waited) {
                long before = System.nanoTime();
                commit(store, ++index);
                waited = System.nanoTime() - before > TimeUnit.MILLISECONDS.toNanos(190);
              }
              for (int i = 0; i < 100; i++) {
                commit(store, ++index);
              }
              return index;
            });
    await(() -> store.waitingForRoom() || stuck.isDone());
    assertThat(store.waitingForRoom()).isTrue();
    return stuck;
  }

  private void commit(MetadataStore store, int index) {
    byte[] value = new byte[8_000];
    random.nextBytes(value);
    store.commit(
        new StorePosition(1, index),
        List.of(new Row("t", ByteBuffer.allocate(4).putInt(0, index).array(), value)),
        null);
  }

  private static int count(MetadataStore store) {
    AtomicInteger count = new AtomicInteger();
    store.forEachRow(row -> count.incrementAndGet());
    return count.get();
  }

  private Path fill() throws IOException {
    Path filler = disk.resolve("filler");
    long left = Files.getFileStore(disk).getUsableSpace();
    Files.write(filler, new byte[(int) left]);
    return filler;
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return e.toString();
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : said.strip() + " failed";
  }
}
