// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Real files on a disk whose faults the test switches on and off. Thread-safe. */
public final class FaultyStorage implements Storage {
  private final Storage disk = new FileStorage();
  private final AtomicInteger forces = new AtomicInteger();
  private final AtomicLong bytesLeft = new AtomicLong(Long.MAX_VALUE);
  private final Map<Path, Long> forcedBytes = new ConcurrentHashMap<>();
  private volatile boolean failNextForce;
  private volatile @Nullable Path failForcesBelow;
  private volatile @Nullable Path fullAtSegmentForcesBelow;
  private volatile @Nullable Path full;
  private volatile boolean dead;
  private volatile @Nullable CountDownLatch forceGate;

  /** From now on only so many bytes fit. */
  public void bytesLeft(long bytes) {
    bytesLeft.set(bytes);
  }

  /** The next force fails with EIO; those after it succeed, as Linux does. */
  public void failNextForce() {
    failNextForce = true;
  }

  /** Every force of a file below the path fails with EIO from now on. */
  public void failForcesBelow(Path directory) {
    failForcesBelow = directory;
  }

  /** Every force of a segment below the path finds the disk full from now on. */
  public void fullAtSegmentForcesBelow(Path directory) {
    fullAtSegmentForcesBelow = directory;
  }

  /** Forces hang until the latch opens; null = they do not hang. */
  public void holdForces(@Nullable CountDownLatch gate) {
    forceGate = gate;
  }

  /** From now on everything fails. */
  public void die() {
    dead = true;
  }

  /** Takes from the files, once everything is closed, what was never forced. */
  public void losePower() throws IOException {
    for (Map.Entry<Path, Long> each : forcedBytes.entrySet()) {
      if (disk.exists(each.getKey())) {
        try (StorageFile file = disk.open(each.getKey())) {
          file.truncate(Math.min(file.size(), each.getValue()));
        }
      }
    }
  }

  private void refuseIfDead() throws IOException {
    if (dead) {
      throw new IOException("the disk is gone");
    }
  }

  /** How often a file was forced. */
  public int forces() {
    return forces.get();
  }

  @Override
  public StorageFile open(Path path, FileUse use) throws IOException {
    refuseIfDead();
    StorageFile file = disk.open(path, use);
    forcedBytes.putIfAbsent(path, file.size());
    return new FaultyFile(path, file, use);
  }

  @Override
  public boolean exists(Path path) {
    return disk.exists(path);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    disk.createDirectories(directory);
  }

  @Override
  public void delete(Path path) throws IOException {
    refuseIfDead();
    disk.delete(path);
    forcedBytes.remove(path);
  }

  @Override
  public void replace(Path from, Path to) throws IOException {
    refuseIfDead();
    disk.replace(from, to);
    Long forced = forcedBytes.remove(from);
    if (forced != null) {
      forcedBytes.put(to, forced);
    }
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    disk.syncDirectory(directory);
  }

  /** The disk of that directory says that it has nothing left; null ends it. */
  public void fullBelow(@Nullable Path directory) {
    full = directory;
  }

  @Override
  public long usableBytes(Path path) throws IOException {
    Path nothingLeft = full;
    if (nothingLeft != null && path.startsWith(nothingLeft)) {
      return 0;
    }
    return Math.min(bytesLeft.get(), disk.usableBytes(path));
  }

  private final class FaultyFile implements StorageFile {
    private final Path path;
    private final StorageFile file;

    private final FileUse use;

    FaultyFile(Path path, StorageFile file, FileUse use) {
      this.path = path;
      this.file = file;
      this.use = use;
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      if (use == FileUse.DURABLE) {
        beforeForce();
      }
      refuseIfDead();
      long grows = Math.max(0, position + from.remaining() - file.size());
      if (grows > bytesLeft.get()) {
        throw new IOException("No space left on device");
      }
      bytesLeft.addAndGet(-grows);
      file.write(from, position);
      if (use == FileUse.DURABLE) {
        forcedBytes.put(path, file.size());
      }
    }

    @Override
    public int alignmentBytes() {
      return file.alignmentBytes();
    }

    @Override
    public void append(ByteBuffer[] buffers) throws IOException {
      refuseIfDead();
      for (ByteBuffer buffer : buffers) {
        if (buffer.remaining() > bytesLeft.get()) {
          buffer.limit(buffer.position() + (int) bytesLeft.getAndSet(0));
          file.append(new ByteBuffer[] {buffer});
          throw new IOException("No space left on device");
        }
        bytesLeft.addAndGet(-buffer.remaining());
        file.append(new ByteBuffer[] {buffer});
      }
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return file.read(into, position);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      beforeForce();
      long written = file.size();
      refuseIfDead();
      file.force(metadata);
      forcedBytes.put(path, written);
    }

    private void beforeForce() throws IOException {
      CountDownLatch gate = forceGate;
      if (gate != null) {
        try {
          gate.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      forces.incrementAndGet();
      Path failing = failForcesBelow;
      if (failing != null && path.startsWith(failing)) {
        throw new IOException("Input/output error");
      }
      Path full = fullAtSegmentForcesBelow;
      if (full != null && path.startsWith(full) && path.toString().endsWith(".log")) {
        throw new IOException("No space left on device");
      }
      if (failNextForce) {
        failNextForce = false;
        throw new IOException("Input/output error");
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      refuseIfDead();
      file.truncate(size);
      forcedBytes.computeIfPresent(path, (at, forced) -> Math.min(forced, size));
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
