// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import io.jangada.metadata.controller.MetadataRoom;
import io.jangada.metadata.store.Reserve;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the room on the disk of the quorum's directory, on a thread of its own because asking a
 * disk may take long, and keeps a file there that is given up piece by piece when the disk is full.
 * Half of it is for the log, which has to find room in advance; all of the rest is for the store,
 * which asks for it. Thread-safe.
 */
final class RoomKeeper extends Collector implements Reserve, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RoomKeeper.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int PIECE_BYTES = 1 << 20;

  /** The log takes its room in pieces of this size, when the one before is used up. */
  private static final long LOG_NEEDS_BYTES = 2L << 20;

  private final Path directory;
  private final Path file;
  private final RoomLimits limits;
  private final CollectorRegistry registry;
  private final ScheduledExecutorService thread;
  private final AtomicLong refused = new AtomicLong();
  private volatile MetadataRoom room;
  private volatile BooleanSupplier waiting = () -> false;

  /** Guarded by this. */
  private long reserved;

  RoomKeeper(Path directory, RoomLimits limits, CollectorRegistry registry) {
    this.directory = directory;
    this.file = directory.resolve("reserve");
    this.limits = limits;
    this.registry = registry;
    this.room = new MetadataRoom(Long.MAX_VALUE, limits.minUsableBytes());
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("jangada-metadata-room").factory());
    registry.register(this);
  }

  /**
   * Begins to watch.
   *
   * @param isWaiting whether the metadata stands still for want of room
   * @param afterLook called after each look on the thread of this
   */
  void start(BooleanSupplier isWaiting, Runnable afterLook) {
    waiting = isWaiting;
    var unused =
        thread.scheduleWithFixedDelay(
            () -> {
              look();
              afterLook.run();
            },
            0,
            LOOK.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** As last seen. */
  MetadataRoom room() {
    return room;
  }

  /** Looks at once, so that nobody is refused for what was so a second ago. */
  CompletableFuture<Void> lookAgain() {
    try {
      return CompletableFuture.runAsync(this::look, thread)
          .completeOnTimeout(null, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closing", e);
      return CompletableFuture.completedFuture(null);
    }
  }

  /** A request was refused for want of room. */
  void refused() {
    refused.incrementAndGet();
  }

  /** On a full disk this makes the room that a start takes. */
  void look() {
    try {
      long usable = Files.getFileStore(directory).getUsableSpace();
      MetadataRoom before = room;
      room = new MetadataRoom(usable, limits.minUsableBytes());
      if (room.scarce() != before.scarce()) {
        LOG.warn(
            "{}: {} bytes are free; what adds to the metadata is {}",
            directory,
            usable,
            room.scarce()
                ? "refused until there are " + limits.minUsableBytes()
                : "accepted again");
      }
      keep(usable);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{}: expected to see how much room there is, but {}", directory, e.toString());
    }
  }

  private synchronized void keep(long usable) throws IOException {
    reserved = Files.exists(file) ? Files.size(file) : 0;
    if (usable < LOG_NEEDS_BYTES && reserved > limits.reserveFileBytes() / 2) {
      LOG.warn("{}: the disk is full, a part of the reserve is given to the log", directory);
      giveUp();
    } else if (reserved < limits.reserveFileBytes()
        && usable > limits.minUsableBytes() + limits.reserveFileBytes()) {
      fill();
    }
  }

  /** With what no file system can compress. */
  private void fill() throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    new SplittableRandom(1).nextBytes(piece);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.position(reserved);
      while (reserved < limits.reserveFileBytes()) {
        long missing = limits.reserveFileBytes() - reserved;
        reserved +=
            channel.write(ByteBuffer.wrap(piece).limit((int) Math.min(PIECE_BYTES, missing)));
      }
    }
  }

  @Override
  public synchronized boolean giveUp() {
    if (reserved == 0) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      reserved = Math.max(0, channel.size() - PIECE_BYTES);
      channel.truncate(reserved);
      return true;
    } catch (IOException e) {
      LOG.warn("{}: the reserve could not be given up", directory, e);
      reserved = 0;
      return false;
    }
  }

  private synchronized long reserved() {
    return reserved;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return List.of(
        new GaugeMetricFamily(
            "jangada_metadata_usable_bytes",
            "Free on the disk of the quorum's directory.",
            room.usableBytes()),
        new GaugeMetricFamily(
            "jangada_metadata_reserve_bytes",
            "Set aside on that disk for what must be written when it is full.",
            reserved()),
        new GaugeMetricFamily(
            "jangada_metadata_waits_for_room",
            "1 while what the quorum has committed cannot be applied here for want of room.",
            waiting.getAsBoolean() ? 1 : 0),
        new CounterMetricFamily(
            "jangada_metadata_refused_for_room",
            "Requests that add to the metadata, refused because its disk is nearly full.",
            refused.get()));
  }

  @Override
  public void close() {
    thread.shutdown();
    registry.unregister(this);
  }
}
