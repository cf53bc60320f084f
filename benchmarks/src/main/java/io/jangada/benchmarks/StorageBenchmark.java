// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.replication.storage.AlignedBuffers;
import io.jangada.replication.storage.FileStorage;
import io.jangada.replication.storage.FileUse;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The ways of writing that a log directory can choose from, on the disk under a directory: groups
 * of a journal, each synced, in a file of zeros; runs of segments, in new files, synced after every
 * 64 MiB. One line for each: MB/s, processor seconds of this process for each GB, and the 99th
 * percentile of a sync. Each round measures every way once; only ratios within a run count.
 */
public final class StorageBenchmark {
  private static final long JOURNAL_BYTES = 64L << 20;
  private static final long JOURNAL_NANOS = 1_500_000_000L;
  private static final long SEGMENT_BYTES = 256L << 20;
  private static final long SYNC_EVERY_BYTES = 64L << 20;
  private static final int UNALIGNED_BYTES = 123;
  private static final double BYTES_PER_MB = 1e6;
  private static final double BYTES_PER_GB = 1e9;
  private static final double NANOS_PER_MS = 1e6;
  private static final double P99 = 0.99;

  private static final NativeFiles CALLS = NativeFiles.find();

  private enum Way {
    BUFFERED,
    WRITE_BEHIND,
    DONTCACHE,
    DIRECT
  }

  /** A file that is written at its end and synced. */
  private interface Target extends AutoCloseable {
    void write(ByteBuffer from, long position) throws IOException;

    void sync() throws IOException;

    @Override
    void close() throws IOException;
  }

  private final Path directory;

  private StorageBenchmark(Path directory) {
    this.directory = directory;
  }

  /**
   * Measures.
   *
   * @param args the directory, created if absent and emptied of what is written; the rounds
   */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args.length > 0 ? args[0] : "target/bench-storage");
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    Files.createDirectories(directory);
    StorageBenchmark benchmark = new StorageBenchmark(directory);
    for (int round = 1; round <= rounds; round++) {
      for (int groupBytes : new int[] {4 << 10, 64 << 10, 1 << 20}) {
        for (Way way : Way.values()) {
          benchmark.measure(round, way, "journal", 1, groupBytes);
        }
      }
      for (int files : new int[] {6, 100}) {
        for (int runBytes : new int[] {256 << 10, 1 << 20}) {
          for (Way way : Way.values()) {
            benchmark.measure(round, way, "segments", files, runBytes);
          }
        }
      }
    }
  }

  private void measure(int round, Way way, String what, int files, int bytes) throws IOException {
    boolean isJournal = what.equals("journal");
    List<Target> targets = new ArrayList<>();
    long[] syncNanos = new long[1 << 16];
    int syncs = 0;
    long written = 0;
    double seconds;
    double cpuSeconds;
    try {
      for (int i = 0; i < files; i++) {
        targets.add(open(way, directory.resolve("file-" + i), isJournal));
      }
      ByteBuffer run = AlignedBuffers.allocate(bytes + AlignedBuffers.ALIGNMENT_BYTES);
      for (int i = 0; i < run.capacity(); i += Long.BYTES) {
        run.putLong(i, i * 0x9e37_79b9_7f4a_7c15L);
      }
      double cpuBefore = ProcessUsage.ofThisProcess().cpuSeconds();
      long began = System.nanoTime();
      // Batches do not end where pages do.
      int step = isJournal ? bytes : bytes - UNALIGNED_BYTES;
      long unsynced = 0;
      long most = isJournal ? JOURNAL_BYTES : SEGMENT_BYTES;
      while (written < most && (!isJournal || System.nanoTime() - began < JOURNAL_NANOS)) {
        long turn = written / step;
        Target target = targets.get((int) (turn % files));
        long position = turn / files * step;
        int start = (int) (position % AlignedBuffers.ALIGNMENT_BYTES);
        long beforeWrite = System.nanoTime();
        target.write(run.clear().position(start).limit(start + step), position);
        written += step;
        unsynced += step;
        if (isJournal) {
          target.sync();
          syncNanos[syncs++] = System.nanoTime() - beforeWrite;
        } else if (unsynced >= SYNC_EVERY_BYTES) {
          unsynced = 0;
          for (Target each : targets) {
            long beforeSync = System.nanoTime();
            each.sync();
            syncNanos[syncs++] = System.nanoTime() - beforeSync;
          }
        }
      }
      seconds = (System.nanoTime() - began) / BYTES_PER_GB;
      cpuSeconds = ProcessUsage.ofThisProcess().cpuSeconds() - cpuBefore;
    } finally {
      for (Target each : targets) {
        each.close();
      }
      deleteAll();
    }
    Arrays.sort(syncNanos, 0, syncs);
    System.out.printf(
        Locale.ROOT,
        "round %d  %-8s %3d file(s) %5d KiB  %-12s %7.0f MB/s %6.2f CPU-s/GB %8.2f ms p99%n",
        round,
        what,
        files,
        bytes >> 10,
        way,
        written / BYTES_PER_MB / seconds,
        cpuSeconds / (written / BYTES_PER_GB),
        syncNanos[(int) (syncs * P99)] / NANOS_PER_MS);
  }

  private void deleteAll() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path each : files.toList()) {
        Files.delete(each);
      }
    }
  }

  private static Target open(Way way, Path path, boolean isJournal) throws IOException {
    if (isJournal) {
      try (StorageFile zeros = new FileStorage().open(path, FileUse.STREAMED)) {
        ByteBuffer block = AlignedBuffers.allocate(1 << 20);
        for (long at = 0; at < JOURNAL_BYTES; at += block.capacity()) {
          zeros.write(block.clear(), at);
        }
        zeros.force(true);
      }
    }
    FileStorage storage = new FileStorage();
    return switch (way) {
      case BUFFERED -> of(storage.open(path, FileUse.CACHED));
      case WRITE_BEHIND -> new WriteBehind(path);
      case DONTCACHE -> uncached(path);
      case DIRECT ->
          isJournal
              ? durable(storage.open(path, FileUse.DURABLE))
              : of(storage.open(path, FileUse.STREAMED));
    };
  }

  private static Target of(StorageFile file) {
    return new Target() {
      @Override
      public void write(ByteBuffer from, long position) throws IOException {
        file.write(from, position);
      }

      @Override
      public void sync() throws IOException {
        file.force(false);
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  /** O_DIRECT and O_DSYNC: each write is its own sync. */
  private static Target durable(StorageFile file) {
    return new Target() {
      @Override
      public void write(ByteBuffer from, long position) throws IOException {
        file.write(from, position);
      }

      @Override
      public void sync() {
        // it is durable already
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  /** RWF_DONTCACHE: the kernel writes at once, and drops what it has written. */
  private static Target uncached(Path path) throws IOException {
    FileChannel channel = channel(path);
    int descriptor = CALLS.descriptor(channel);
    return new Target() {
      @Override
      public void write(ByteBuffer from, long position) throws IOException {
        CALLS.writeUncached(descriptor, from, position);
      }

      @Override
      public void sync() throws IOException {
        channel.force(false);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  /** sync_file_range at once, and fadvise when the file has grown so much. */
  private static final class WriteBehind implements Target {
    private static final long BEHIND_BYTES = 1 << 20;

    private final FileChannel channel;
    private final int descriptor;
    private long dropped;

    WriteBehind(Path path) throws IOException {
      channel = channel(path);
      descriptor = CALLS.descriptor(channel);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      int bytes = from.remaining();
      long at = position;
      while (from.hasRemaining()) {
        at += channel.write(from, at);
      }
      CALLS.startWriting(descriptor, position, bytes);
      if (position - dropped >= BEHIND_BYTES) {
        CALLS.finishWriting(descriptor, dropped, position - dropped);
        dropped = position;
      }
    }

    @Override
    public void sync() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static FileChannel channel(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
