// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that loses what a real one may lose. It writes sectors of 512 bytes, each whole
 * or not at all and in any order; what was not forced may or may not be there after a power loss,
 * sector by sector; names are durable in the order in which they were changed, up to any point
 * behind the last sync of a directory. A failed force leaves the pages clean and unwritten, as
 * Linux does. Thread-safe, and deterministic when used by one thread.
 */
public final class SimDisk implements Storage {
  private static final int SECTOR_BYTES = 512;
  private static final long NEVER = -1;

  private sealed interface NameChange {
    record Put(Path path, Content content) implements NameChange {}

    record Rename(Path from, Path to) implements NameChange {}

    record Remove(Path path) implements NameChange {}
  }

  /** What a file holds: as the running process sees it, and as the platter has it. */
  private static final class Content {
    private byte[] seen = new byte[0];
    private byte[] durable = new byte[0];
    private final BitSet dirty = new BitSet();

    void resize(int bytes) {
      int before = seen.length;
      seen = Arrays.copyOf(seen, bytes);
      int from = Math.min(before, bytes) / SECTOR_BYTES;
      dirty.set(from, Math.max(from, sectors(bytes)));
    }

    void put(ByteBuffer from, int position, int bytes) {
      if (position + bytes > seen.length) {
        resize(position + bytes);
      }
      from.get(seen, position, bytes);
      if (bytes > 0) {
        dirty.set(position / SECTOR_BYTES, sectors(position + bytes));
      }
    }

    /** The disk writes the sectors in the set, and forgets about the others. */
    void settle(BitSet written, int size) {
      byte[] next = Arrays.copyOf(durable, size);
      for (int sector = written.nextSetBit(0); sector >= 0; ) {
        int at = sector * SECTOR_BYTES;
        int bytes = Math.min(SECTOR_BYTES, Math.min(size, seen.length) - at);
        if (bytes > 0) {
          System.arraycopy(seen, at, next, at, bytes);
        }
        sector = written.nextSetBit(sector + 1);
      }
      durable = next;
      dirty.clear();
    }

    void force() {
      settle((BitSet) dirty.clone(), seen.length);
    }

    private static int sectors(int bytes) {
      return (bytes + SECTOR_BYTES - 1) / SECTOR_BYTES;
    }
  }

  private final Map<Path, Content> names = new TreeMap<>();
  private final Map<Path, Content> durableNames = new TreeMap<>();
  private final List<NameChange> nameChanges = new ArrayList<>();
  private long operations;
  private long powerLossAt = NEVER;
  private long failingForceAt = NEVER;
  private long capacityBytes = Long.MAX_VALUE;
  private boolean dead;

  /** How many writes, forces and changes of names there were. */
  public synchronized long operations() {
    return operations;
  }

  /** In the operation with that number (from 0) the power goes: it and all others fail. */
  public synchronized void losePowerAt(long operation) {
    powerLossAt = operation;
  }

  /** The write or force with that number fails with EIO; those after it succeed, as Linux does. */
  public synchronized void failAt(long operation) {
    failingForceAt = operation;
  }

  /** From now on all files together may have so many bytes. */
  public synchronized void capacityBytes(long bytes) {
    capacityBytes = bytes;
  }

  /**
   * The power goes, unless it has gone already, and comes back: what was not durable is there or
   * not, as the generator has it. Files that were open are to be forgotten.
   */
  public synchronized void restart(RandomGenerator random) {
    int from = 0;
    for (int survive = random.nextInt(nameChanges.size() + 1); from < survive; from++) {
      apply(durableNames, nameChanges.get(from));
    }
    nameChanges.clear();
    names.clear();
    for (Map.Entry<Path, Content> each : durableNames.entrySet()) {
      Content content = each.getValue();
      int size = random.nextBoolean() ? content.seen.length : content.durable.length;
      content.settle(someOf(content.dirty, random), size);
      content.seen = content.durable.clone();
      names.put(each.getKey(), content);
    }
    dead = false;
    powerLossAt = NEVER;
    failingForceAt = NEVER;
  }

  /** The process dies, and another begins: the system has kept everything that was written. */
  public synchronized void restartProcess() {
    dead = false;
    powerLossAt = NEVER;
    failingForceAt = NEVER;
  }

  /** All, none, the first ones, or any. */
  private static BitSet someOf(BitSet dirty, RandomGenerator random) {
    BitSet some = (BitSet) dirty.clone();
    switch (random.nextInt(4)) {
      case 0 -> some.clear();
      case 1 -> {
        // all of them
      }
      case 2 -> {
        int keep = random.nextInt(some.length() + 1);
        some.clear(keep, Math.max(keep, some.length()));
      }
      default -> {
        for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
          some.set(i, random.nextBoolean());
        }
      }
    }
    return some;
  }

  /** Whether the power is gone. */
  public synchronized boolean isDead() {
    return dead;
  }

  /** Flips a bit of what is durable, and of what is seen. */
  public synchronized void flip(Path path, long bit) throws IOException {
    Content content = content(path);
    int at = (int) (bit / Byte.SIZE);
    content.seen[at] ^= (byte) (1 << (bit % Byte.SIZE));
    content.durable[at] = content.seen[at];
  }

  /** A copy of what all files hold, at one moment. */
  public synchronized Map<Path, byte[]> copyAll() {
    Map<Path, byte[]> all = new TreeMap<>();
    names.forEach((path, content) -> all.put(path, content.seen.clone()));
    return all;
  }

  /** A copy of what the file holds. */
  public synchronized byte[] copy(Path path) throws IOException {
    return content(path).seen.clone();
  }

  /** Puts the bytes there, durably, as somebody does who writes an old copy over a file. */
  public synchronized void put(Path path, byte[] bytes) {
    Content content = names.computeIfAbsent(path, absent -> new Content());
    content.seen = bytes.clone();
    content.durable = bytes.clone();
    content.dirty.clear();
    durableNames.put(path, content);
  }

  private Content content(Path path) throws IOException {
    Content content = names.get(path);
    if (content == null) {
      throw new NoSuchFileException(path.toString());
    }
    return content;
  }

  /** Whether the power goes in this operation. */
  private boolean losesPower() throws IOException {
    refuseIfDead();
    boolean loses = operations == powerLossAt;
    dead = loses;
    boolean fails = operations == failingForceAt;
    operations++;
    if (fails) {
      throw new IOException("Input/output error");
    }
    return loses;
  }

  private void refuseIfDead() throws IOException {
    if (dead) {
      throw new IOException("the power is gone");
    }
  }

  private void change(NameChange change) throws IOException {
    boolean loses = losesPower();
    nameChanges.add(change);
    apply(names, change);
    if (loses) {
      refuseIfDead();
    }
  }

  private static void apply(Map<Path, Content> names, NameChange change) {
    switch (change) {
      case NameChange.Put put -> names.put(put.path(), put.content());
      case NameChange.Remove remove -> names.remove(remove.path());
      case NameChange.Rename rename -> {
        for (Path each : List.copyOf(names.keySet())) {
          if (each.startsWith(rename.from())) {
            names.put(moved(each, rename.from(), rename.to()), names.remove(each));
          }
        }
      }
    }
  }

  private static Path moved(Path each, Path from, Path to) {
    return each.equals(from) ? to : to.resolve(from.relativize(each));
  }

  @Override
  public synchronized StorageFile open(Path path, FileUse use) throws IOException {
    refuseIfDead();
    Content content = names.get(path);
    if (content == null) {
      content = new Content();
      change(new NameChange.Put(path, content));
    }
    return new SimFile(content, use);
  }

  @Override
  public synchronized boolean exists(Path path) {
    for (Path each : names.keySet()) {
      if (each.startsWith(path)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public synchronized List<Path> list(Path directory) throws IOException {
    refuseIfDead();
    SortedSet<Path> paths = new TreeSet<>();
    for (Path each : names.keySet()) {
      if (each.startsWith(directory) && !each.equals(directory)) {
        paths.add(directory.resolve(each.getName(directory.getNameCount())));
      }
    }
    return List.copyOf(paths);
  }

  @Override
  public synchronized void createDirectories(Path directory) throws IOException {
    refuseIfDead();
  }

  @Override
  public synchronized void delete(Path path) throws IOException {
    refuseIfDead();
    if (names.containsKey(path)) {
      change(new NameChange.Remove(path));
    }
  }

  @Override
  public synchronized void replace(Path from, Path to) throws IOException {
    if (!exists(from)) {
      throw new NoSuchFileException(from.toString());
    }
    change(new NameChange.Rename(from, to));
  }

  @Override
  public synchronized void syncDirectory(Path directory) throws IOException {
    if (losesPower()) {
      refuseIfDead();
    }
    for (NameChange each : nameChanges) {
      apply(durableNames, each);
    }
    nameChanges.clear();
  }

  @Override
  public synchronized long usableBytes(Path path) {
    return capacityBytes - usedBytes();
  }

  private long usedBytes() {
    long bytes = 0;
    for (Content each : names.values()) {
      bytes += each.seen.length;
    }
    return bytes;
  }

  private final class SimFile implements StorageFile {
    private final Content content;
    private final FileUse use;
    private boolean closed;

    SimFile(Content content, FileUse use) {
      this.content = content;
      this.use = use;
    }

    private void refuseIfClosed() throws IOException {
      if (closed) {
        throw new IOException("the file is closed");
      }
    }

    @Override
    public void append(ByteBuffer[] buffers) throws IOException {
      synchronized (SimDisk.this) {
        for (ByteBuffer buffer : buffers) {
          write(buffer, content.seen.length);
        }
      }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      synchronized (SimDisk.this) {
        refuseIfClosed();
        if (use == FileUse.DURABLE
            && (position % alignmentBytes() != 0 || from.remaining() % alignmentBytes() != 0)) {
          throw new IOException("Invalid argument: not aligned");
        }
        boolean loses = losesPower();
        long grows = Math.max(0, position + from.remaining() - content.seen.length);
        long room = capacityBytes - usedBytes();
        if (grows > room) {
          content.put(from, (int) position, (int) Math.max(0, from.remaining() - grows + room));
          throw new IOException("No space left on device");
        }
        content.put(from, (int) position, from.remaining());
        if (loses) {
          refuseIfDead();
        }
        if (use == FileUse.DURABLE) {
          content.force();
        }
      }
    }

    @Override
    public int alignmentBytes() {
      return use == FileUse.DURABLE ? SECTOR_BYTES : 1;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      synchronized (SimDisk.this) {
        refuseIfDead();
        refuseIfClosed();
        int bytes = (int) Math.max(0, Math.min(into.remaining(), content.seen.length - position));
        if (bytes > 0) {
          into.put(content.seen, (int) position, bytes);
        }
        return bytes;
      }
    }

    @Override
    public void force(boolean metadata) throws IOException {
      synchronized (SimDisk.this) {
        refuseIfClosed();
        try {
          if (losesPower()) {
            refuseIfDead();
          }
        } catch (IOException e) {
          if (!dead) {
            content.dirty.clear();
          }
          throw e;
        }
        content.force();
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (SimDisk.this) {
        refuseIfClosed();
        boolean loses = losesPower();
        if (size < content.seen.length) {
          content.resize((int) size);
        }
        if (loses) {
          refuseIfDead();
        }
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (SimDisk.this) {
        refuseIfDead();
        return content.seen.length;
      }
    }

    @Override
    public void close() {
      synchronized (SimDisk.this) {
        closed = true;
      }
    }
  }

  /** What the tests say of the disk when they fail. */
  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder("disk after " + operations + " operations:");
    for (Map.Entry<Path, @Nullable Content> each : Map.copyOf(names).entrySet()) {
      text.append(' ').append(each.getKey());
    }
    return text.toString();
  }
}
