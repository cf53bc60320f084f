// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.jangada.replication.storage.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * What was called durable is replayed, exactly once and in order; what was not may be; nothing else
 * is. Over random appends, releases, wraps of the ring and losses of power at any write.
 */
final class JournalCrashTest {
  private static final int SEEDS = Integer.getInteger("jangada.journal.seeds", 500);

  private int torn;
  private int crashes;
  private int shown;
  private int goneOn;

  /** Where the last journal goes on; null if another incarnation follows. */
  private @Nullable JournalTail tail;

  @BeforeAll
  static void saysNothingOfDeadDisks() {
    ((Logger) LoggerFactory.getLogger(JournalFiles.class)).setLevel(Level.ERROR);
  }

  @AfterAll
  static void saysItAgain() {
    ((Logger) LoggerFactory.getLogger(JournalFiles.class)).setLevel(null);
  }

  @Test
  void durableEntriesSurviveAnyLossOfPower() throws IOException {
    for (int seed = Integer.getInteger("jangada.journal.seed", 0); seed < SEEDS; seed++) {
      try {
        run(new SplittableRandom(seed));
      } catch (AssertionError | IOException | RuntimeException e) {
        throw new AssertionError("seed " + seed + " of JournalCrashTest", e);
      }
    }
    // The test is only worth something if it tears groups and brings entries back.
    assertThat(crashes).isGreaterThan(SEEDS);
    assertThat(torn).isGreaterThan(SEEDS / 20);
    assertThat(shown).isGreaterThan(SEEDS * 5);
    assertThat(goneOn).isGreaterThan(SEEDS / 4);
  }

  private void run(RandomGenerator random) throws IOException {
    SimDisk disk = new SimDisk();
    SteppedJournal journals = new SteppedJournal(disk);
    JournalModel model = new JournalModel();
    boolean cleanly = true;
    for (int life = 0; life < 5; life++) {
      JournalScan scan = recover(journals, model, random);
      if (cleanly) {
        assertThat(scan.verdict()).isInstanceOf(JournalVerdict.Clean.class);
      }
      assertThat(scan.verdict()).isNotInstanceOf(JournalVerdict.Corrupt.class);
      torn += scan.verdict() instanceof JournalVerdict.TornTail ? 1 : 0;
      disk.losePowerAt(disk.operations() + random.nextInt(random.nextBoolean() ? 20 : 120));
      cleanly = live(journals, scan, model, random);
      crashes += cleanly ? 0 : 1;
      disk.restart(random);
    }
    recover(journals, model, random);
  }

  private JournalScan recover(SteppedJournal journals, JournalModel model, RandomGenerator random)
      throws IOException {
    JournalModel.Replay look = new JournalModel.Replay();
    JournalScan first = journals.scan(look);
    JournalModel.Replay replay = new JournalModel.Replay();
    JournalScan scan = journals.scan(replay);
    assertThat(scan).isEqualTo(first);
    assertThat(scan.entries()).isEqualTo(look.size()).isEqualTo(replay.size());
    model.assertTrue(replay);
    model.assertWhole(replay);
    shown += replay.size();
    tail = random.nextBoolean() ? scan.tail() : null;
    if (tail == null) {
      model.recovered(replay);
    } else {
      model.stillNeeded(replay);
      goneOn++;
    }
    return scan;
  }

  /** Returns whether the journal was closed before the power went. */
  private boolean live(
      SteppedJournal journals, JournalScan scan, JournalModel model, RandomGenerator random)
      throws IOException {
    try {
      WriteAheadJournal journal = tail == null ? journals.start(scan) : journals.goOn(scan, tail);
      for (int step = random.nextInt(80); step >= 0; step--) {
        for (int i = random.nextInt(6); i > 0; i--) {
          model.appendAny(journal, random, random.nextInt(20) == 0 ? 18 << 10 : 1_500);
        }
        journal.writeQueued();
        if (random.nextInt(6) == 0) {
          journal.sealIfRoom();
        }
        if (random.nextInt(8) == 0) {
          long number = model.highestDurable() - random.nextInt(3);
          if (number > 0) {
            journals.checkpointed(Math.max(number, journals.expected().highestNumber()));
            model.release(number);
            journal.release(number);
          }
        }
      }
      while (journal.writeQueued()) {
        // all of it
      }
      journal.sealIfRoom();
      return true;
    } catch (IOException | UncheckedIOException e) {
      if (!String.valueOf(e.getMessage()).endsWith("the power is gone")) {
        throw e;
      }
      return false;
    }
  }
}
