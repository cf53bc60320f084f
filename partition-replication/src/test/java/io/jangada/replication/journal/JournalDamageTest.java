// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.replication.storage.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Rot, cuts, swapped, old and foreign files: found, named, and never replayed (rule 21). */
final class JournalDamageTest {
  private static final int SEEDS = Integer.getInteger("jangada.journal.seeds", 500);
  private static final int SECTOR = GroupFormat.SECTOR_BYTES;

  private final SimDisk disk = new SimDisk();
  private final SteppedJournal journals = new SteppedJournal(disk);
  private final JournalModel model = new JournalModel();

  private static JournalScan empty() {
    return new JournalScan(new JournalVerdict.Clean(), 0, 0, 0, 0, 0, 0, List.of(), null);
  }

  /** A journal with so many groups, all durable, over several files; nothing is released. */
  private WriteAheadJournal written(int groups, RandomGenerator random) throws IOException {
    WriteAheadJournal journal = journals.start(empty());
    for (int i = 0; i < groups; i++) {
      model.appendAny(journal, random, 1_500);
      model.appendAny(journal, random, 4_000);
      journal.writeQueued();
    }
    return journal;
  }

  private static JournalVerdict.Corrupt corrupt(JournalScan scan) {
    assertThat(scan.verdict()).isInstanceOf(JournalVerdict.Corrupt.class);
    return (JournalVerdict.Corrupt) scan.verdict();
  }

  private JournalScan scan() throws IOException {
    JournalModel.Replay replay = new JournalModel.Replay();
    JournalScan scan = journals.scan(replay);
    model.assertTrue(replay);
    if (!(scan.verdict() instanceof JournalVerdict.Corrupt)) {
      model.assertWhole(replay);
    }
    return scan;
  }

  @Test
  void flippedBitsAreNeitherReplayedNorPassedOver() throws IOException {
    int found = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        found += flip(new SplittableRandom(seed)) ? 1 : 0;
      } catch (AssertionError | IOException | RuntimeException e) {
        throw new AssertionError("seed " + seed + " of JournalDamageTest", e);
      }
    }
    assertThat(found).isGreaterThan(SEEDS / 4);
  }

  private static boolean flip(RandomGenerator random) throws IOException {
    JournalDamageTest test = new JournalDamageTest();
    WriteAheadJournal journal = test.written(1 + random.nextInt(30), random);
    if (random.nextBoolean()) {
      long number = test.model.highestDurable() / 2;
      test.model.release(number);
      journal.release(number);
      journal.sealIfRoom();
    }
    List<Path> files = test.disk.list(SteppedJournal.DIRECTORY);
    Path file = files.get(random.nextInt(files.size()));
    long used = random.nextInt(4) == 0 ? SteppedJournal.FILE_BYTES : 12 << 10;
    for (int flips = random.nextInt(3); flips >= 0; flips--) {
      test.disk.flip(file, random.nextLong(used * Byte.SIZE));
    }
    return test.scan().verdict() instanceof JournalVerdict.Corrupt;
  }

  @Test
  void groupsTornAtAnySectorAreToldFromDamage() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    WriteAheadJournal journal = written(40, random);
    journal.release(model.highestDurable());
    model.release(model.highestDurable());
    for (int i = 0; i < 40; i++) {
      int size = 62 + random.nextInt(9_000);
      Map<Path, byte[]> before = files();
      model.appendBatch(journal, i % 5, size);
      long number = highest();
      journal.writeQueued();
      Map<Path, byte[]> after = files();
      for (Map.Entry<Path, byte[]> each : after.entrySet()) {
        byte[] old = before.getOrDefault(each.getKey(), new byte[each.getValue().length]);
        tear(each.getKey(), old, each.getValue(), number);
      }
    }
  }

  /** The highest number that is shown. */
  private long highest() throws IOException {
    JournalModel.Replay replay = new JournalModel.Replay();
    journals.scan(replay);
    return replay.highest();
  }

  private Map<Path, byte[]> files() throws IOException {
    Map<Path, byte[]> files = new HashMap<>();
    for (Path each : disk.list(SteppedJournal.DIRECTORY)) {
      files.put(each, disk.copy(each));
    }
    return files;
  }

  /** Every beginning and every end of what was written reaches the disk. */
  private void tear(Path file, byte[] old, byte[] written, long numberBefore) throws IOException {
    int from = ByteBuffer.wrap(old).mismatch(ByteBuffer.wrap(written));
    if (from < 0) {
      return;
    }
    int first = from / JournalConfig.BLOCK_BYTES * JournalConfig.BLOCK_BYTES;
    GroupHeader header = GroupFormat.header(ByteBuffer.wrap(written, first, SECTOR).slice());
    if (header == null || header.entries() == 0) {
      return;
    }
    if (first == 0) {
      clearConfirmation(header);
    }
    int end = first + GroupFormat.bodyAt(header.bodyBytes()) + header.bodyBytes();
    for (int cut = first; cut < first + header.groupBytes(); cut += SECTOR) {
      byte[] head = old.clone();
      System.arraycopy(written, first, head, first, cut - first);
      disk.put(file, head);
      JournalScan scan = journals.scan(new JournalModel.Replay());
      if (cut == first) {
        assertThat(scan.verdict()).isInstanceOf(JournalVerdict.Clean.class);
      } else if (isMissing(old, written, cut, end)) {
        assertThat(scan.verdict()).isInstanceOf(JournalVerdict.TornTail.class);
        assertThat(((JournalVerdict.TornTail) scan.verdict()).suspect()).isFalse();
        assertThat(highest()).isEqualTo(numberBefore);
      } else {
        assertThat(highest()).isEqualTo(numberBefore + 1);
      }
      if (cut > first) {
        byte[] tail = written.clone();
        System.arraycopy(old, first, tail, first, cut - first);
        disk.put(file, tail);
        JournalScan tailOnly = journals.scan(new JournalModel.Replay());
        assertThat(tailOnly.verdict()).isInstanceOf(JournalVerdict.Clean.class);
        assertThat(highest()).isEqualTo(numberBefore);
      }
    }
    disk.put(file, written);
  }

  /** Whether the old bytes are others: a file that is written over may hold the same by chance. */
  private static boolean isMissing(byte[] old, byte[] written, int from, int end) {
    for (int at = from; at < end; at++) {
      boolean inStamp = at % SECTOR >= SECTOR - Integer.BYTES;
      if (!inStamp && old[at] != written[at]) {
        return true;
      }
    }
    return false;
  }

  /** What says in the file before that the group, the first of its file, is durable. */
  private void clearConfirmation(GroupHeader of) throws IOException {
    for (Map.Entry<Path, byte[]> each : files().entrySet()) {
      byte[] bytes = each.getValue();
      for (int at = 0; at + SECTOR <= bytes.length; at += JournalConfig.BLOCK_BYTES) {
        GroupHeader found = GroupFormat.header(ByteBuffer.wrap(bytes, at, SECTOR).slice());
        if (found != null && found.nextFile() == of.file() && found.sequence() == of.sequence()) {
          Arrays.fill(bytes, at, at + JournalConfig.BLOCK_BYTES, (byte) 0);
          disk.put(each.getKey(), bytes);
        }
      }
    }
  }

  @Test
  void aNewestFileThatIsLostWholeIsMissed() throws IOException {
    WriteAheadJournal journal = journals.start(empty());
    while (disk.list(SteppedJournal.DIRECTORY).size() < 3 || isEmpty(SteppedJournal.file(3))) {
      model.appendBatch(journal, 0, 5_000);
      journal.writeQueued();
    }
    disk.put(SteppedJournal.file(3), new byte[SteppedJournal.FILE_BYTES]);

    JournalVerdict.Corrupt verdict = corrupt(scan());

    assertThat(verdict.place()).endsWith("00000003.journal at 0");
    assertThat(verdict.reason()).isEqualTo("it is bad or missing, but was durable");
  }

  private boolean isEmpty(Path file) throws IOException {
    return GroupFormat.header(ByteBuffer.wrap(disk.copy(file), 0, SECTOR).slice()) == null;
  }

  @Test
  void damageInTheLastGroupIsFoundThoughNothingFollowsIt() throws IOException {
    WriteAheadJournal journal = journals.start(empty());
    model.appendBatch(journal, 0, 3_000);
    journal.writeQueued();
    disk.flip(SteppedJournal.file(1), (4096 + 1_000) * 8L);

    JournalVerdict.Corrupt verdict = corrupt(scan());

    assertThat(verdict.sequence()).isEqualTo(2);
    assertThat(verdict.provenBySequence()).isEqualTo(2);
    assertThat(verdict.place()).endsWith("00000001.journal at 4096");
  }

  @Test
  void theGroupBehindProvesThatABadOneWasDurable() throws IOException {
    WriteAheadJournal journal = journals.start(empty());
    for (int i = 0; i < 3; i++) {
      model.appendBatch(journal, 0, 500);
      journal.writeQueued();
    }
    for (int bit = 0; bit < 64; bit++) {
      disk.flip(SteppedJournal.file(1), 8192 * 8L + bit); // its magic is gone
    }

    JournalVerdict.Corrupt verdict = corrupt(scan());

    assertThat(verdict.sequence()).isEqualTo(3);
    assertThat(verdict.provenBySequence()).isEqualTo(4);
  }

  @Test
  void swappedFilesAreRecognised() throws IOException {
    written(60, new SplittableRandom(1));
    byte[] one = disk.copy(SteppedJournal.file(1));
    disk.put(SteppedJournal.file(1), disk.copy(SteppedJournal.file(2)));
    disk.put(SteppedJournal.file(2), one);

    JournalScan scan = scan();

    corrupt(scan);
    assertThat(scan.entries()).isZero();
    assertThat(scan.remarks()).anyMatch(remark -> remark.contains("holds what was written to"));
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    written(60, new SplittableRandom(1));
    disk.delete(SteppedJournal.file(2));

    assertThat(corrupt(scan()).place()).contains("00000002.journal");
  }

  @Test
  void anOldCopyOfAFileIsRecognised() throws IOException {
    WriteAheadJournal journal = written(60, new SplittableRandom(1));
    byte[] old = disk.copy(SteppedJournal.file(2));
    journal.release(model.highestDurable());
    model.release(model.highestDurable());
    for (int i = 0; i < 90; i++) {
      model.appendBatch(journal, 0, 5_000);
      journal.writeQueued();
    }
    assertThat(disk.copy(SteppedJournal.file(2))).isNotEqualTo(old);
    disk.put(SteppedJournal.file(2), old);

    corrupt(scan());
  }

  @Test
  void anOldCopyOfTheWholeJournalIsRecognisedByWhatTheManifestKnows() throws IOException {
    written(10, new SplittableRandom(1));
    final Map<Path, byte[]> old = files();
    JournalModel.Replay replay = new JournalModel.Replay();
    JournalScan scan = journals.scan(replay);
    model.recovered(replay);
    journals.start(scan);
    old.forEach(disk::put);
    assertThat(corrupt(scan()).reason()).contains("older copies, or gone");

    for (Path each : disk.list(SteppedJournal.DIRECTORY)) {
      disk.delete(each);
    }
    assertThat(corrupt(scan()).reason()).contains("older copies, or gone");
  }

  @Test
  void anOlderStateOfTheSameIncarnationIsRecognisedByItsNumbers() throws IOException {
    WriteAheadJournal journal = written(3, new SplittableRandom(1));
    final Map<Path, byte[]> old = files();
    for (int i = 0; i < 5; i++) {
      model.appendBatch(journal, 0, 500);
      journal.writeQueued();
    }
    journals.checkpointed(model.highestDurable());
    model.release(model.highestDurable());
    old.forEach(disk::put);

    assertThat(corrupt(scan()).reason()).contains("the manifest knows entry");
  }

  @Test
  void aForeignFileIsNamedAndLeftAlone() throws IOException {
    SimDisk other = new SimDisk();
    new SteppedJournal(other, new UUID(9, 9)).start(empty());
    byte[] foreign = other.copy(SteppedJournal.file(1));
    written(3, new SplittableRandom(1));
    disk.put(SteppedJournal.file(7), foreign);

    JournalScan scan = scan();

    assertThat(scan.verdict()).isInstanceOf(JournalVerdict.Clean.class);
    assertThat(scan.remarks()).anyMatch(remark -> remark.contains(new UUID(9, 9).toString()));
    WriteAheadJournal next = journals.start(scan);
    for (int i = 0; i < 60; i++) {
      model.appendBatch(next, 0, 5_000);
      next.writeQueued();
    }
    assertThat(disk.copy(SteppedJournal.file(7))).isEqualTo(foreign);
  }

  @Test
  void aForeignFileInPlaceOfOursIsDamage() throws IOException {
    SimDisk other = new SimDisk();
    new SteppedJournal(other, new UUID(9, 9)).start(empty());
    written(60, new SplittableRandom(1));
    disk.put(SteppedJournal.file(2), other.copy(SteppedJournal.file(1)));

    corrupt(scan());
  }

  @Test
  void aFileThatWasCutOffIsDamageWhereThereWasSomething() throws IOException {
    written(5, new SplittableRandom(1));
    byte[] whole = disk.copy(SteppedJournal.file(1));
    for (int bytes = 0; bytes < 40_000; bytes += 1_111) {
      disk.put(SteppedJournal.file(1), Arrays.copyOf(whole, bytes));
      JournalScan scan = scan();
      if (!(scan.verdict() instanceof JournalVerdict.Corrupt)) {
        assertThat(scan.remarks()).anyMatch(remark -> remark.contains("was made with"));
      }
    }
  }

  @Test
  void anotherVersionIsNotReadAsAnEmptyJournal() throws IOException {
    written(2, new SplittableRandom(1));
    byte[] newer = new byte[SteppedJournal.FILE_BYTES];
    System.arraycopy(disk.copy(SteppedJournal.file(1)), 0, newer, 0, SECTOR);
    newer[11] = 9;
    disk.put(SteppedJournal.file(1), newer);

    assertThat(corrupt(scan()).reason()).contains("another version: 9");
  }

  @Test
  void goodGroupsBehindDamageNeverComeBack() throws IOException {
    WriteAheadJournal journal = journals.start(empty());
    for (int i = 0; i < 3; i++) {
      model.appendBatch(journal, 0, 500);
      journal.writeQueued();
    }
    disk.flip(SteppedJournal.file(1), (8192 + SECTOR + 100) * 8L);
    JournalModel.Replay replay = new JournalModel.Replay();
    JournalScan damaged = journals.scan(replay);
    assertThat(damaged.entries()).isEqualTo(1);
    model.recovered(replay);

    // The next incarnation writes over the first group only; what the old one left lies behind it.
    journals.start(damaged);

    JournalScan scan = scan();
    assertThat(scan.verdict()).isInstanceOf(JournalVerdict.Clean.class);
    assertThat(scan.entries()).isZero();
  }

  @Test
  void undurableRotDoesNotTouchWhatWasDurable() throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 200; i++) {
      JournalDamageTest test = new JournalDamageTest();
      WriteAheadJournal journal = test.written(4, random);
      byte[] before = test.disk.copy(SteppedJournal.file(1));
      test.model.appendBatch(journal, 1, 6_000);
      test.disk.losePowerAt(test.disk.operations());
      try {
        journal.writeQueued();
      } catch (IOException e) {
        assertThat(e).hasMessage("the power is gone");
      }
      test.disk.restart(random);
      int from =
          ByteBuffer.wrap(before).mismatch(ByteBuffer.wrap(test.disk.copy(SteppedJournal.file(1))));
      if (from >= 0) {
        test.disk.flip(SteppedJournal.file(1), from * 8L + random.nextInt(6_000 * 8));
      }
      JournalModel.Replay replay = new JournalModel.Replay();
      test.journals.scan(replay);
      test.model.assertTrue(replay);
      test.model.assertWhole(replay);
    }
  }
}
