// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way of writing leaves the same bytes, on a disk and in memory. */
final class FileStorageTest {
  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir private Path disk;

  @Test
  void streamedFilesHoldWhatWasWritten() throws IOException {
    stream(new FileStorage(), disk.resolve("streamed"));
    if (Files.isWritable(MEMORY)) {
      Path file = Files.createTempFile(MEMORY, "jangada", ".test");
      try {
        stream(new FileStorage(), file);
      } finally {
        Files.delete(file);
      }
    }
  }

  private static void stream(FileStorage storage, Path path) throws IOException {
    RandomGenerator random = new SplittableRandom(1);
    byte[] expected = new byte[12 << 20];
    int end = 0;
    try (StorageFile file = storage.open(path, FileUse.STREAMED)) {
      while (end < expected.length - (1 << 20)) {
        int bytes = 1 + random.nextInt(1 << 20);
        ByteBuffer run =
            switch (random.nextInt(8)) {
              case 0 -> ByteBuffer.allocate(bytes);
              case 1 -> ByteBuffer.allocateDirect(bytes);
              default -> aligned(bytes, end);
            };
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        run.mark().put(content).limit(run.position()).reset();
        System.arraycopy(content, 0, expected, end, bytes);
        if (random.nextBoolean()) {
          file.write(run, end);
        } else {
          file.append(new ByteBuffer[] {run});
        }
        assertThat(run.hasRemaining()).isFalse();
        end += bytes;
        if (random.nextInt(10) == 0) {
          end -= random.nextInt(bytes);
          file.truncate(end);
        }
      }
      file.force(false);
      assertThat(file.size()).isEqualTo(end);
      assertThat(Arrays.equals(read(file, end), 0, end, expected, 0, end)).isTrue();
    }
    try (StorageFile file = storage.open(path, FileUse.STREAMED)) {
      file.append(new ByteBuffer[] {ByteBuffer.wrap(new byte[] {7})});
      assertThat(file.size()).isEqualTo(end + 1);
    }
    byte[] found = Files.readAllBytes(path);
    assertThat(Arrays.equals(found, 0, end, expected, 0, end)).isTrue();
    assertThat(found[end]).isEqualTo((byte) 7);
  }

  /** Lies in its block of memory as it will lie in its block of the file. */
  private static ByteBuffer aligned(int bytes, long position) {
    int block = AlignedBuffers.ALIGNMENT_BYTES;
    int start = (int) (position % block);
    return AlignedBuffers.allocate(Math.ceilDiv(start + bytes, block) * block).position(start);
  }

  private static byte[] read(StorageFile file, int bytes) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(bytes);
    assertThat(file.read(into, 0)).isEqualTo(bytes);
    return into.array();
  }

  @Test
  void durableFilesAreReadBack() throws IOException {
    durable(new FileStorage(), disk.resolve("durable"));
    if (Files.isWritable(MEMORY)) {
      Path file = Files.createTempFile(MEMORY, "jangada", ".test");
      try {
        durable(new FileStorage(), file);
      } finally {
        Files.delete(file);
      }
    }
  }

  private static void durable(FileStorage storage, Path path) throws IOException {
    try (StorageFile file = storage.open(path, FileUse.DURABLE)) {
      ByteBuffer block = AlignedBuffers.allocate(8192);
      for (int i = 0; i < 8192; i += 8) {
        block.putLong(i, i);
      }
      file.write(block.duplicate(), 0);
      file.append(new ByteBuffer[] {block.duplicate().limit(4096)});
      assertThat(file.size()).isEqualTo(12_288);
      ByteBuffer into = AlignedBuffers.allocate(16_384);
      assertThat(file.read(into, 4096)).isEqualTo(8192);
      assertThat(into.getLong(0)).isEqualTo(4096);
      assertThat(into.getLong(4096 + 8)).isEqualTo(8);
    }
  }
}
