// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.replication.storage.AlignedBuffers;
import io.jangada.replication.storage.FileStorage;
import io.jangada.replication.storage.FileUse;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * What the disk itself takes for a durable write of 4 KiB: a latency means little without it,
 * because a disk that is shared with others stalls by itself. One write after the other at a steady
 * rate, each from when it was due, so that a stall counts for all that had to wait for it; into a
 * file that is all there, in the directory for temporary files.
 */
final class DiskProbe implements AutoCloseable {
  private static final int WRITE_BYTES = 4096;
  private static final int FILE_BYTES = 1 << 20;
  private static final long HIGHEST_US = Duration.ofMinutes(5).toNanos() / 1_000;

  private final Histogram writeUs = new Histogram(HIGHEST_US, 3);
  private final Path path;
  private final long intervalNanos;
  private final CompletableFuture<Void> ended;
  private volatile boolean closing;

  private DiskProbe(Path path, Duration interval) {
    this.path = path;
    intervalNanos = interval.toNanos();
    ended = CompletableFuture.runAsync(this::run, task -> new Thread(task, "disk-probe").start());
  }

  /** Begins to write, a block each interval. */
  static DiskProbe start(Duration interval) throws IOException {
    return new DiskProbe(Files.createTempFile("jangada-probe", ".bin"), interval);
  }

  private void run() {
    try (StorageFile file = new FileStorage().open(path, FileUse.DURABLE)) {
      file.write(AlignedBuffers.allocate(FILE_BYTES), 0);
      ByteBuffer block = AlignedBuffers.allocate(WRITE_BYTES);
      long dueNanos = System.nanoTime();
      for (int i = 0; !closing; i++) {
        while (dueNanos - System.nanoTime() > 0) {
          LockSupport.parkNanos(dueNanos - System.nanoTime());
        }
        file.write(block.clear(), (long) i * WRITE_BYTES % FILE_BYTES);
        writeUs.recordValue(Math.min(HIGHEST_US, (System.nanoTime() - dueNanos) / 1_000));
        dueNanos += intervalNanos;
      }
    } catch (IOException e) {
      throw new IllegalStateException("the disk cannot be measured", e);
    }
  }

  /** Ends the probe; milliseconds of which the given percentage of the writes took less. */
  double percentileMs(double percent) {
    close();
    return writeUs.getValueAtPercentile(percent) / 1e3;
  }

  @Override
  public void close() {
    closing = true;
    ended.join();
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new IllegalStateException("the probe's file cannot be removed", e);
    }
  }
}
