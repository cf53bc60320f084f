// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.lossy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file system by itself: what was synced stays, what was not may go. */
class LossyFileSystemTest {
  private static final int SECTOR = 512;

  @TempDir Path temp;
  private LossyFileSystem disk;
  private Path root;

  @BeforeEach
  void mount() throws Exception {
    LossyRequired.orSkip();
    disk = LossyFileSystem.mount(temp.resolve("mnt"));
    root = disk.mountpoint();
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void whatWasSyncedStaysAndTheRestIsLost() throws Exception {
    try (FileChannel file = create("file")) {
      write(file, 0, filled(4 * SECTOR, 1));
      file.force(false);
      write(file, 2 * SECTOR, filled(SECTOR, 2));
      write(file, 4 * SECTOR, filled(SECTOR, 3));
    }
    create("never-synced").close();
    crash(Survivors.NONE);
    assertThat(Files.readAllBytes(root.resolve("file"))).isEqualTo(filled(4 * SECTOR, 1));
    assertThat(root.resolve("never-synced")).doesNotExist();
  }

  @Test
  void everythingSurvivesWhereOnlyTheProcessDies() throws Exception {
    try (FileChannel file = create("file")) {
      write(file, 0, filled(1000, 1));
    }
    crash(Survivors.ALL);
    assertThat(Files.readAllBytes(root.resolve("file"))).isEqualTo(filled(1000, 1));
  }

  @Test
  void everythingFailsWhileThePowerIsOff() throws Exception {
    try (FileChannel file = create("file")) {
      write(file, 0, filled(SECTOR, 1));
      file.force(true);
      disk.powerOff(1, Survivors.SOME);
      assertThatThrownBy(() -> write(file, 0, filled(SECTOR, 2))).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> file.force(false)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> Files.createFile(root.resolve("other")))
        .isInstanceOf(IOException.class);
    disk.powerOn();
    assertThat(Files.readAllBytes(root.resolve("file"))).isEqualTo(filled(SECTOR, 1));
  }

  @Test
  void someSectorsOfAWriteSurviveAndOthersDoNot() throws Exception {
    int torn = 0;
    for (int seed = 0; seed < 20; seed++) {
      byte[] old = filled(64 * SECTOR, 1);
      try (FileChannel file = open("file", StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        write(file, 0, old);
        file.force(true);
        write(file, 0, filled(64 * SECTOR, 2));
      }
      disk.powerOff(seed, Survivors.SOME);
      disk.powerOn();
      byte[] after = Files.readAllBytes(root.resolve("file"));
      int fresh = 0;
      for (int sector = 0; sector < 64; sector++) {
        byte[] content = Arrays.copyOfRange(after, sector * SECTOR, (sector + 1) * SECTOR);
        assertThat(content).as("a sector is whole").containsOnly(content[0]);
        fresh += content[0] == 2 ? 1 : 0;
      }
      torn += fresh > 0 && fresh < 64 ? 1 : 0;
    }
    assertThat(torn).isPositive();
    assertThat(disk.counters().get("torn-files")).isEqualTo(torn);
  }

  @Test
  void anAppendMaySurviveInPart() throws Exception {
    boolean between = false;
    for (int seed = 0; seed < 40; seed++) {
      try (FileChannel file =
          open(
              "file",
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        write(file, 0, filled(100, 1));
        file.force(true);
        write(file, 100, filled(5000, 2));
      }
      disk.powerOff(seed, Survivors.SOME);
      disk.powerOn();
      long size = Files.size(root.resolve("file"));
      assertThat(size).isBetween(100L, 5100L);
      between |= size > 100 && size < 5100;
      assertThat(Arrays.copyOf(Files.readAllBytes(root.resolve("file")), 100))
          .isEqualTo(filled(100, 1));
    }
    assertThat(between).isTrue();
  }

  @Test
  void aTruncationThatWasNotSyncedMayBeUndone() throws Exception {
    try (FileChannel file = create("file")) {
      write(file, 0, filled(3000, 1));
      file.force(true);
      file.truncate(700);
      write(file, 700, filled(2000, 2));
    }
    crash(Survivors.NONE);
    assertThat(Files.readAllBytes(root.resolve("file"))).isEqualTo(filled(3000, 1));
    try (FileChannel file = open("file", StandardOpenOption.WRITE)) {
      file.truncate(700);
      file.force(true);
    }
    crash(Survivors.NONE);
    assertThat(Files.readAllBytes(root.resolve("file"))).isEqualTo(filled(700, 1));
  }

  @Test
  void aRenameIsUndoneUnlessTheDirectoryWasSynced() throws Exception {
    disk.strictNames(true);
    putSynced("name", 1);
    syncRoot();
    putSynced("name.next", 2);
    syncRoot();
    rename("name.next", "name");
    crash(Survivors.NONE);
    assertThat(Files.readAllBytes(root.resolve("name"))).isEqualTo(filled(SECTOR, 1));
    assertThat(Files.readAllBytes(root.resolve("name.next"))).isEqualTo(filled(SECTOR, 2));
    rename("name.next", "name");
    syncRoot();
    crash(Survivors.NONE);
    assertThat(Files.readAllBytes(root.resolve("name"))).isEqualTo(filled(SECTOR, 2));
    assertThat(root.resolve("name.next")).doesNotExist();
  }

  @Test
  void strictlyAFileIsThereOnlyIfItsDirectoryWasSynced() throws Exception {
    disk.strictNames(true);
    putSynced("file", 1);
    crash(Survivors.NONE);
    assertThat(root.resolve("file")).doesNotExist();
    disk.strictNames(false);
    putSynced("file", 1);
    crash(Survivors.NONE);
    assertThat(root.resolve("file")).exists();
  }

  @Test
  void inOrderTheLaterNameIsNotThereWithoutTheEarlier() throws Exception {
    boolean prefix = false;
    for (int seed = 0; seed < 40; seed++) {
      for (int i = 0; i < 4; i++) {
        create(seed + "-" + i).close();
      }
      disk.powerOff(seed, Survivors.SOME);
      disk.powerOn();
      int there = 0;
      for (int i = 0; i < 4; i++) {
        boolean exists = Files.exists(root.resolve(seed + "-" + i));
        assertThat(!exists || there == i).as("%d of seed %d", i, seed).isTrue();
        there += exists ? 1 : 0;
      }
      prefix |= there > 0 && there < 4;
    }
    assertThat(prefix).isTrue();
  }

  @Test
  void aDeletionIsUndoneUnlessTheDirectoryWasSynced() throws Exception {
    Path sub = Files.createDirectory(root.resolve("sub"));
    Files.write(sub.resolve("file"), filled(10, 1), StandardOpenOption.CREATE);
    try (FileChannel file = FileChannel.open(sub.resolve("file"), StandardOpenOption.WRITE)) {
      file.force(true);
    }
    Files.delete(sub.resolve("file"));
    Files.delete(sub);
    crash(Survivors.NONE);
    assertThat(Files.readAllBytes(sub.resolve("file"))).isEqualTo(filled(10, 1));
    Files.delete(sub.resolve("file"));
    Files.delete(sub);
    syncRoot();
    crash(Survivors.NONE);
    assertThat(sub).doesNotExist();
  }

  @Test
  void aSynchronousWriteIsDurable() throws Exception {
    try (FileChannel plain = create("file");
        FileChannel sync = open("file", StandardOpenOption.WRITE, StandardOpenOption.DSYNC)) {
      write(plain, 0, filled(2 * SECTOR, 1));
      write(sync, 2 * SECTOR, filled(SECTOR, 2));
    }
    assertThat(disk.counters().get("dsync-writes")).isPositive();
    crash(Survivors.NONE);
    byte[] content = Files.readAllBytes(root.resolve("file"));
    assertThat(Arrays.copyOfRange(content, 2 * SECTOR, 3 * SECTOR)).isEqualTo(filled(SECTOR, 2));
  }

  @Test
  void directWritesReachTheDiskOrAreRefused() throws Exception {
    ByteBuffer aligned = ByteBuffer.allocateDirect(3 * 4096).alignedSlice(4096).limit(4096);
    try (FileChannel file =
        open(
            "direct",
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.DSYNC,
            direct())) {
      assertThat(file.write(aligned, 0)).isEqualTo(4096);
    }
    assertThat(disk.counters().get("direct-writes")).isPositive();
    crash(Survivors.NONE);
    assertThat(root.resolve("direct")).hasSize(4096);
    disk.allowDirect(false);
    assertThatThrownBy(() -> open("direct", StandardOpenOption.WRITE, direct()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aMappedFileShowsWhatIsWrittenAndAfterwardsWhatSurvived() throws Exception {
    try (FileChannel file =
        open("map", StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      write(file, 0, filled(8192, 1));
      file.force(true);
      MappedByteBuffer map = file.map(FileChannel.MapMode.READ_ONLY, 0, 8192);
      assertThat(map.get(5000)).isEqualTo((byte) 1);
      write(file, 4096, filled(4096, 2));
      assertThat(map.get(5000)).isEqualTo((byte) 2);
    }
    crash(Survivors.NONE);
    try (FileChannel file = open("map", StandardOpenOption.READ)) {
      MappedByteBuffer map = file.map(FileChannel.MapMode.READ_ONLY, 0, 8192);
      assertThat(map.get(5000)).isEqualTo((byte) 1);
    }
  }

  @Test
  void aLieMakesNothingDurable() throws Exception {
    Files.createDirectory(root.resolve("lied"));
    syncRoot();
    disk.lie("lied");
    try (FileChannel file = create("lied/file")) {
      write(file, 0, filled(SECTOR, 1));
      file.force(true);
    }
    putSynced("file", 1);
    crash(Survivors.NONE);
    assertThat(root.resolve("file")).exists();
    assertThat(root.resolve("lied/file")).isEmptyFile();
    assertThat(disk.counters().get("lies")).isPositive();
  }

  @Test
  void whatAFailedSyncLeftOutStaysOutUntilItIsWrittenAgain() throws Exception {
    try (FileChannel file = create("file")) {
      write(file, 0, filled(2 * SECTOR, 1));
      file.force(true);
      write(file, 0, filled(2 * SECTOR, 2));
      disk.failSyncs(1);
      assertThatThrownBy(() -> file.force(true)).isInstanceOf(IOException.class);
      write(file, SECTOR, filled(SECTOR, 3));
      file.force(true);
    }
    crash(Survivors.ALL);
    byte[] content = Files.readAllBytes(root.resolve("file"));
    assertThat(Arrays.copyOf(content, SECTOR)).isEqualTo(filled(SECTOR, 1));
    assertThat(Arrays.copyOfRange(content, SECTOR, 2 * SECTOR)).isEqualTo(filled(SECTOR, 3));
  }

  @Test
  void aFullDiskRefusesWritesAndHasRoomAgainAfterADeletion() throws Exception {
    disk.quota(64 * 1024);
    Files.write(root.resolve("big"), new byte[40 * 1024]);
    assertThatThrownBy(() -> Files.write(root.resolve("more"), new byte[40 * 1024]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space");
    Files.delete(root.resolve("more"));
    Files.delete(root.resolve("big"));
    Files.write(root.resolve("more"), new byte[40 * 1024]);
    assertThat(disk.counters().get("no-space")).isPositive();
  }

  @Test
  void aSlowSyncDelaysOnlyItself() throws Exception {
    disk.slowSyncs(300);
    try (FileChannel file = create("file")) {
      write(file, 0, filled(SECTOR, 1));
      long begin = System.nanoTime();
      Thread reader = Thread.startVirtualThread(this::list);
      file.force(false);
      assertThat(System.nanoTime() - begin).isGreaterThan(290_000_000L);
      reader.join();
    }
  }

  @Test
  void manyFilesInADirectoryAreListedOnce() throws Exception {
    for (int i = 0; i < 500; i++) {
      create("file-with-a-rather-long-name-" + i).close();
    }
    assertThat(list()).isEqualTo(500);
    Files.delete(root.resolve("file-with-a-rather-long-name-7"));
    assertThat(list()).isEqualTo(499);
  }

  /** {@code O_DIRECT}; the compiler warns of the class's name whatever one does. */
  private static OpenOption direct() throws ClassNotFoundException {
    for (Object option : Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
      if (option.toString().equals("DIRECT")) {
        return (OpenOption) option;
      }
    }
    throw new AssertionError("no O_DIRECT");
  }

  private long list() {
    try (Stream<Path> files = Files.list(root)) {
      return files.distinct().count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void crash(Survivors survivors) throws IOException {
    disk.powerOff(1, survivors);
    disk.powerOn();
  }

  private FileChannel create(String name) throws IOException {
    return open(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private FileChannel open(String name, OpenOption... options) throws IOException {
    return FileChannel.open(root.resolve(name), options);
  }

  private void putSynced(String name, int value) throws IOException {
    try (FileChannel file = create(name)) {
      write(file, 0, filled(SECTOR, value));
      file.force(true);
    }
  }

  private void rename(String from, String to) throws IOException {
    Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  private void syncRoot() throws IOException {
    try (FileChannel directory = FileChannel.open(root, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  private static void write(FileChannel file, long at, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    while (bytes.hasRemaining()) {
      file.write(bytes, at + bytes.position());
    }
  }

  private static byte[] filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
