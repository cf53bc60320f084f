// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files that a {@link WriteAheadJournal} left.
 *
 * <p>The last incarnation is the highest that any file begins with. Its newest file says which the
 * oldest group is that was still needed; from there on every sequence number has to be there, up to
 * the end. What follows the end decides the verdict: a later group of the incarnation, anywhere it
 * could be, proves that something durable is missing (rule 21).
 */
public final class JournalFilesReader implements JournalReader {
  private final Storage storage;
  private final JournalConfig config;
  private final JournalExpectation expected;

  /** The first pass; those after it need not look behind the end again. */
  private @Nullable Pass first;

  /**
   * A reader.
   *
   * @param expected what the manifest knows of the journal
   */
  public JournalFilesReader(Storage storage, JournalConfig config, JournalExpectation expected) {
    this.storage = storage;
    this.config = config;
    this.expected = expected;
  }

  @Override
  public JournalScan scan(JournalVisitor visitor) throws IOException {
    try (JournalPieces pieces = new JournalPieces(storage, config)) {
      Pass pass = new Scan(pieces, visitor, first).run();
      first = pass;
      return pass.scan();
    }
  }

  /**
   * What a pass over the files found.
   *
   * @param lastGoodSequence the last that was shown
   */
  private record Pass(JournalScan scan, long lastGoodSequence) {}

  /** One pass over the files. */
  private final class Scan {
    private final JournalPieces pieces;
    private final JournalVisitor visitor;
    private final @Nullable Pass before;
    private final List<JournalTail.Part> parts = new ArrayList<>();
    private @Nullable JournalTail tail;
    private long lastGoodSequence;
    private long incarnation;
    private long lastSequence;
    private long highestNumber;
    private long needed;
    private long lastSeen;
    private long laterIncarnation;
    private long groups;
    private long entries;
    private long bytes;

    Scan(JournalPieces pieces, JournalVisitor visitor, @Nullable Pass before) {
      this.pieces = pieces;
      this.visitor = visitor;
      this.before = before;
    }

    Pass run() throws IOException {
      JournalVerdict verdict;
      try {
        List<ProbedFile> files = pieces.probeAll();
        verdict = unlessMisplaced(checked(read(files), files));
      } catch (UnreadableException e) {
        verdict =
            new JournalVerdict.Corrupt(e.place(), lastSequence + 1, lastSequence + 1, e.reason());
      }
      if (before != null && verdict == before.scan().verdict()) {
        return before;
      }
      JournalScan scan =
          new JournalScan(
              verdict,
              Math.max(incarnation, laterIncarnation),
              lastSequence,
              highestNumber,
              groups,
              entries,
              bytes,
              pieces.remarks(),
              endsWell(verdict) ? tail : null);
      return new Pass(scan, lastGoodSequence);
    }

    private static boolean endsWell(JournalVerdict verdict) {
      return switch (verdict) {
        case JournalVerdict.Clean ignored -> true;
        case JournalVerdict.TornTail torn -> !torn.suspect();
        case JournalVerdict.Corrupt ignored -> false;
      };
    }

    /** Walks the groups of the last incarnation that are needed. */
    private JournalVerdict read(List<ProbedFile> files) throws IOException, UnreadableException {
      List<ProbedFile> chain = chain(files);
      if (chain.isEmpty()) {
        long later = laterGroup(files);
        return later == 0
            ? new JournalVerdict.Clean()
            : corrupt(config.directory().toString(), 1, later, "no file begins with a good group");
      }
      GroupHeader oldest = first(chain.getFirst());
      if (oldest.sequence() > needed) {
        return corrupt(
            config.directory().toString(),
            needed,
            oldest.sequence(),
            "the files that held the groups before are not there any more");
      }
      lastSequence = oldest.sequence() - 1;
      for (int i = 0; ; i++) {
        ProbedFile file = chain.get(i);
        GroupWalk walk = walk(file);
        parts.add(new JournalTail.Part(file.number(), first(file).sequence(), highestNumber));
        boolean isNewest = i == chain.size() - 1;
        if (walk.next() == 0 || isNewest) {
          JournalVerdict verdict = end(walk, files);
          return !isNewest && !(verdict instanceof JournalVerdict.Corrupt)
              ? missing(walk, first(chain.get(i + 1)))
              : verdict;
        }
        GroupHeader next = first(chain.get(i + 1));
        if (next.sequence() != lastSequence + 1) {
          return missing(walk, next);
        }
      }
    }

    /** The files of the last incarnation from the one on that holds the oldest group needed. */
    private List<ProbedFile> chain(List<ProbedFile> files) throws UnreadableException {
      for (ProbedFile file : files) {
        incarnation = Math.max(incarnation, file.first() == null ? 0 : first(file).incarnation());
      }
      List<ProbedFile> chain = new ArrayList<>();
      for (ProbedFile file : files) {
        if (file.first() != null && first(file).incarnation() == incarnation) {
          chain.add(file);
        }
      }
      chain.sort(Comparator.comparingLong(file -> first(file).sequence()));
      if (!chain.isEmpty()) {
        needed = oldestSequence(chain.getLast());
      }
      if (incarnation <= expected.retiredIncarnation()) {
        lastSequence = lastSeen;
        chain.clear();
      }
      while (chain.size() > 1 && first(chain.get(1)).sequence() <= needed) {
        chain.removeFirst();
      }
      return chain;
    }

    /**
     * Which group was the oldest needed when the last group of the file was written. Its first
     * group is too early: a file that was released since may have been written over in part.
     */
    private long oldestSequence(ProbedFile file) throws UnreadableException {
      long oldest = 0;
      long position = 0;
      long sequence = first(file).sequence();
      GroupHeader header = file.first();
      while (header != null
          && header.incarnation() == incarnation
          && header.sequence() == sequence) {
        oldest = header.oldestSequence();
        lastSeen = sequence;
        position += header.groupBytes();
        sequence++;
        header =
            pieces.headerAt(
                pieces.at(file.path(), position, GroupFormat.SECTOR_BYTES), file, position);
      }
      return oldest;
    }

    private static GroupHeader first(ProbedFile file) {
      GroupHeader first = file.first();
      if (first == null) {
        throw new IllegalStateException(file.path() + " begins with no group");
      }
      return first;
    }

    /** Shows the groups of the file up to the one that turns to the next file, or to the end. */
    private GroupWalk walk(ProbedFile file) throws IOException, UnreadableException {
      long position = 0;
      while (true) {
        ByteBuffer sector = pieces.at(file.path(), position, GroupFormat.SECTOR_BYTES);
        GroupHeader header = pieces.headerAt(sector, file, position);
        if (header == null || !isNext(header)) {
          return new GroupWalk(file, position, 0);
        }
        ByteBuffer group = pieces.at(file.path(), position, header.groupBytes());
        GroupState state =
            group.limit() < header.groupBytes()
                ? GroupState.DAMAGED
                : GroupFormat.open(group, header);
        ByteBuffer body =
            state == GroupState.GOOD
                ? group.slice(GroupFormat.bodyAt(header.bodyBytes()), header.bodyBytes())
                : group;
        if (state != GroupState.GOOD || !EntryFormat.isWellFormed(body, header.entries())) {
          pieces.close(); // what was opened is not what lies in the file any more
          return new GroupWalk(file, position, 0);
        }
        show(header, body);
        position += header.groupBytes();
        if (header.nextFile() != 0) {
          return new GroupWalk(file, position, header.nextFile());
        }
      }
    }

    private boolean isNext(GroupHeader header) {
      return header.incarnation() == incarnation && header.sequence() == lastSequence + 1;
    }

    private void show(GroupHeader header, ByteBuffer body) throws IOException {
      EntryFormat.visit(body, header.entries(), visitor);
      lastSequence = header.sequence();
      highestNumber = Math.max(highestNumber, header.highestNumber());
      groups++;
      entries += header.entries();
      bytes += header.groupBytes();
    }

    /** What the groups end with: nothing, a torn group, or damage. */
    private JournalVerdict end(GroupWalk walk, List<ProbedFile> files) throws UnreadableException {
      lastGoodSequence = lastSequence;
      if (before != null
          && before.lastGoodSequence() == lastSequence
          && before.scan().groups() == groups) {
        return before.scan().verdict();
      }
      JournalVerdict verdict = judge(walk, files);
      if (walk.next() == 0) {
        tail = tail(walk, files);
      }
      return verdict;
    }

    /**
     * Where this incarnation could go on; null where that would take more than to go on writing.
     * With a second group in the newest file it is known that the file before points to it.
     */
    private @Nullable JournalTail tail(GroupWalk walk, List<ProbedFile> files) {
      boolean fits = (long) parts.size() * config.fileBytes() <= config.maxBytes();
      for (ProbedFile file : files) {
        boolean isPart = parts.stream().anyMatch(part -> part.number() == file.number());
        fits &= !isPart || (file.bytes() == config.fileBytes() && isWhole(file));
      }
      return fits
              && lastGoodSequence > first(walk.file()).sequence()
              && WriteAheadJournal.isRoomFor(
                  JournalConfig.BLOCK_BYTES, walk.position(), config.fileBytes())
          ? new JournalTail(parts, walk.position(), lastGoodSequence)
          : null;
    }

    private static boolean isWhole(ProbedFile file) {
      return first(file).fileBytes() == file.bytes();
    }

    private JournalVerdict judge(GroupWalk walk, List<ProbedFile> files)
        throws UnreadableException {
      ProbedFile file = walk.file();
      long position = walk.position();
      if (walk.next() != 0) {
        file = null;
        for (ProbedFile each : files) {
          file = each.number() == walk.next() ? each : file;
        }
        position = 0;
        long made = first(walk.file()).fileBytes();
        if (file == null || file.bytes() < made) {
          return corrupt(
              pieces.place(walk.next(), 0),
              lastSequence + 1,
              lastSequence,
              file == null
                  ? "the journal goes on in this file, but it is not there"
                  : "the journal goes on in this file, but " + made + " bytes are not there");
        }
      }
      long sequence = lastSequence + 1;
      String place = pieces.place(file.number(), position);
      JournalVerdict verdict = ending(file, position, place);
      long later = Math.max(laterGroup(file, position), laterGroup(files));
      if (!file.equals(walk.file())) {
        later = Math.max(later, laterGroup(walk.file(), walk.position()));
      }
      return later == 0
          ? verdict
          : corrupt(place, sequence, later, "it is bad or missing, but was durable");
    }

    private JournalVerdict ending(ProbedFile file, long position, String place)
        throws UnreadableException {
      long sequence = lastSequence + 1;
      if (!file.stranger().isEmpty()) {
        return new JournalVerdict.TornTail(
            place, sequence, true, "the journal goes on in this file, but it " + file.stranger());
      }
      GroupHeader first = file.first();
      if (position + JournalConfig.BLOCK_BYTES > file.bytes()) {
        return first != null && file.bytes() < first.fileBytes()
            ? corrupt(place, sequence, sequence, "the file was cut off here")
            : new JournalVerdict.Clean();
      }
      ByteBuffer sector = pieces.at(file.path(), position, GroupFormat.SECTOR_BYTES);
      GroupHeader header = pieces.headerAt(sector, file, position);
      int stamp = GroupFormat.stamp(config.directoryId(), incarnation, sequence);
      if (header == null || !isNext(header)) {
        return header == null && GroupFormat.isStamped(sector, stamp)
            ? corrupt(place, sequence, sequence, "its header is damaged")
            : new JournalVerdict.Clean();
      }
      lastSequence = sequence;
      highestNumber = Math.max(highestNumber, header.highestNumber());
      ByteBuffer group = pieces.at(file.path(), position, header.groupBytes());
      if (group.limit() < header.groupBytes()) {
        return corrupt(place, sequence, sequence, "the file was cut off within it");
      }
      return switch (GroupFormat.open(group, header)) {
        case GOOD -> corrupt(place, sequence, sequence, "it holds what no journal writes");
        case DAMAGED -> corrupt(place, sequence, sequence, "its checksum is wrong");
        case TORN ->
            new JournalVerdict.TornTail(
                place, sequence, false, "sectors of the last group were never written");
        case SUSPECT ->
            new JournalVerdict.TornTail(
                place, sequence, true, "sectors of the last group were not written or are damaged");
      };
    }

    private JournalVerdict missing(GroupWalk walk, GroupHeader next) {
      return corrupt(
          walk.next() == 0
              ? pieces.place(walk.file().number(), walk.position())
              : pieces.place(walk.next(), 0),
          lastSequence + 1,
          next.sequence(),
          "it is bad or missing, but was durable");
    }

    /**
     * The sequence of a good group of the last incarnation, or of a later one, behind the end, that
     * begins a file, or lies in a file that begins with something else; 0 if there is none.
     */
    private long laterGroup(List<ProbedFile> files) throws UnreadableException {
      long later = 0;
      for (ProbedFile file : files) {
        if (file.first() == null) {
          later = Math.max(later, file.isEmpty() ? 0 : laterGroup(file, 0));
        } else if (isLater(first(file))) {
          later = Math.max(later, first(file).sequence());
        }
      }
      return later;
    }

    /** The same, from the position on in one file. */
    private long laterGroup(ProbedFile file, long from) throws UnreadableException {
      for (long position = from; position < file.bytes(); position += JournalConfig.BLOCK_BYTES) {
        ByteBuffer sector = pieces.at(file.path(), position, GroupFormat.SECTOR_BYTES);
        GroupHeader header = pieces.headerAt(sector, file, position);
        if (header != null && isLater(header)) {
          laterIncarnation = Math.max(laterIncarnation, header.incarnation());
          return header.sequence();
        }
      }
      return 0;
    }

    private boolean isLater(GroupHeader header) {
      return header.incarnation() > expected.retiredIncarnation()
          && (header.incarnation() > incarnation
              || (header.incarnation() == incarnation && header.sequence() > lastSequence));
    }

    /** Compares what was found with what the manifest knows. */
    private JournalVerdict checked(JournalVerdict verdict, List<ProbedFile> files)
        throws UnreadableException {
      if (verdict instanceof JournalVerdict.Corrupt) {
        return verdict;
      }
      String place = config.directory().toString();
      for (ProbedFile file : files) {
        int version = GroupFormat.version(pieces.at(file.path(), 0, GroupFormat.SECTOR_BYTES));
        if (file.first() == null
            && version != 0
            && !GroupFormat.isKnown(version)
            && !pieces.hasGroup(file)) {
          return corrupt(
              file.path().toString(), 0, 0, "it was written by another version: " + version);
        }
      }
      if (expected.isRetired() && incarnation <= expected.incarnation()) {
        return verdict;
      }
      if (incarnation < expected.incarnation()) {
        String reason =
            "the manifest knows incarnation "
                + expected.incarnation()
                + " of the journal, but its files end with "
                + incarnation
                + ": they are older copies, or gone";
        return corrupt(place, lastSequence + 1, lastSequence + 1, reason);
      }
      if (highestNumber < expected.highestNumber()) {
        String reason =
            "the manifest knows entry "
                + expected.highestNumber()
                + ", but the journal ends with "
                + highestNumber
                + ": its files are older copies";
        return corrupt(place, lastSequence + 1, lastSequence + 1, reason);
      }
      return verdict;
    }

    /** Where a file was put into another's place, what belongs there may be missing. */
    private JournalVerdict unlessMisplaced(JournalVerdict verdict) {
      return verdict instanceof JournalVerdict.Corrupt || pieces.misplaced().isEmpty()
          ? verdict
          : new JournalVerdict.TornTail(
              config.directory().toString(), lastSequence + 1, true, pieces.misplaced());
    }

    private JournalVerdict corrupt(String place, long sequence, long provenBy, String reason) {
      lastSequence = Math.max(lastSequence, Math.max(sequence, provenBy));
      return new JournalVerdict.Corrupt(place, sequence, provenBy, reason);
    }
  }

  /**
   * Where the groups of a file end.
   *
   * @param file that was read
   * @param position behind the last group shown
   * @param next the file in which it goes on, if the last group says so; otherwise 0
   */
  private record GroupWalk(ProbedFile file, long position, int next) {}
}
