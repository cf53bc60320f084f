// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.storage.SimDisk;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.UUID;

/** A journal on a simulated disk, without threads, and what the manifest would know of it. */
final class SteppedJournal {
  static final int FILE_BYTES = 64 << 10;
  static final Path DIRECTORY = Path.of("/sim/journal");

  private final SimDisk disk;
  private final JournalConfig config;
  private JournalExpectation expected = JournalExpectation.NONE;

  SteppedJournal(SimDisk disk) {
    this(disk, new UUID(1, 2));
  }

  SteppedJournal(SimDisk disk, UUID directoryId) {
    this.disk = disk;
    config = new JournalConfig(DIRECTORY, directoryId, FILE_BYTES, 64L * FILE_BYTES, 16 << 10, 1);
  }

  JournalConfig config() {
    return config;
  }

  /** What the manifest knows. */
  JournalExpectation expected() {
    return expected;
  }

  /** The manifest is told of a checkpoint. */
  void checkpointed(long number) {
    expected = new JournalExpectation(expected.incarnation(), number);
  }

  JournalScan scan(JournalVisitor visitor) throws IOException {
    return new JournalFilesReader(disk, config, expected).scan(visitor);
  }

  /** The next incarnation; the manifest knows it if this returns. */
  WriteAheadJournal start(JournalScan scan) throws IOException {
    JournalStart start = JournalStart.after(scan, expected);
    expected = new JournalExpectation(start.incarnation() - 1, true, start.firstNumber() - 1);
    WriteAheadJournal journal = open(start);
    expected = new JournalExpectation(start.incarnation(), expected.highestNumber());
    return journal;
  }

  /** The same incarnation goes on: what it holds is still needed. */
  WriteAheadJournal goOn(JournalScan scan, JournalTail tail) throws IOException {
    return open(JournalStart.behind(scan, tail, expected));
  }

  private WriteAheadJournal open(JournalStart start) throws IOException {
    return WriteAheadJournal.open(
        disk,
        config,
        start,
        new NoListener(),
        new ReplicationMetrics(new CollectorRegistry()),
        this::runNow);
  }

  /** Nobody would free a file on a dead disk; the journal must not wait for it. */
  private void runNow(Runnable task) {
    task.run();
    if (disk.isDead()) {
      throw new UncheckedIOException(new IOException("the power is gone"));
    }
  }

  static Path file(int number) {
    return JournalFile.path(DIRECTORY, number);
  }

  private static final class NoListener implements JournalListener {
    @Override
    public void fileFull(long highestNumber, int freeFiles) {}

    @Override
    public void failed(IOException cause) {
      throw new IllegalStateException("nobody runs the journal's thread", cause);
    }
  }
}
