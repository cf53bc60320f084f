// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import io.jangada.common.JangadaException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code run.properties}: says "running" from before anything else is opened until a clean
 * shutdown has closed everything. Whoever finds "running" follows an unclean end.
 *
 * <p>{@link #registered} may be called from any thread; the rest from the one that starts and
 * closes.
 */
public final class RunMark {
  private static final Logger LOG = LoggerFactory.getLogger(RunMark.class);
  static final String FILE_NAME = "run.properties";
  private static final long LOST = 0;

  private final Path file;
  private final UUID incarnation;
  private final UUID bootId;
  private final PreviousRun previous;
  private final long number;
  private volatile OptionalLong brokerEpoch = OptionalLong.empty();

  private RunMark(Path file, UUID incarnation, UUID bootId, PreviousRun previous, long number) {
    this.number = number;
    this.file = file;
    this.incarnation = incarnation;
    this.bootId = bootId;
    this.previous = previous;
  }

  /** Reads how the last run ended and marks, durably, that a new one has begun. */
  static RunMark begin(Path directory, UUID incarnation, UUID bootId) {
    Path file = directory.resolve(FILE_NAME);
    PreviousRun previous = readPrevious(file, bootId);
    RunMark mark =
        new RunMark(file, incarnation, bootId, previous, previous.existed() ? next(file) : 1);
    mark.write("running", OptionalLong.empty());
    return mark;
  }

  /** Which start on this directory that is, from 1; 0 if the count was lost. */
  public long number() {
    return number;
  }

  /** How the run before this one ended. */
  public PreviousRun previous() {
    return previous;
  }

  /** Notes the epoch under which this process is registered; the last one is written on closing. */
  public void registered(long newBrokerEpoch) {
    brokerEpoch = OptionalLong.of(newBrokerEpoch);
  }

  /**
   * Marks a clean end; only after everything has been closed without a failure. A run that never
   * registered has changed nothing, so the mark it found stays as it was.
   */
  void endCleanly() {
    OptionalLong epoch = brokerEpoch.isPresent() ? brokerEpoch : previous.cleanBrokerEpoch();
    if (epoch.isPresent()) {
      write("clean", epoch);
    }
  }

  private void write(String state, OptionalLong epoch) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("state", state);
    properties.put("incarnation", incarnation.toString());
    properties.put("boot.id", bootId.toString());
    properties.put("run", Long.toString(number));
    epoch.ifPresent(value -> properties.put("broker.epoch", Long.toString(value)));
    DurableFiles.write(file, properties);
  }

  /** A count that was lost stays so: a lower number would look like a process of the past. */
  private static long next(Path file) {
    try {
      String last = DurableFiles.read(file).orElse(Map.of()).get("run");
      if (last == null) {
        return 1; // Written by a version that did not count.
      }
      long number = Long.parseLong(last);
      return number == LOST ? LOST : number + 1;
    } catch (JangadaException | NumberFormatException e) {
      LOG.warn("{}: the number of this run is lost: {}", file, e.toString());
      return LOST;
    }
  }

  private static PreviousRun readPrevious(Path file, UUID bootId) {
    try {
      Optional<Map<String, String>> properties = DurableFiles.read(file);
      if (properties.isEmpty()) {
        return new PreviousRun(false, false, OptionalLong.empty());
      }
      boolean clean = "clean".equals(properties.get().get("state"));
      OptionalLong epoch =
          clean
              ? OptionalLong.of(Long.parseLong(properties.get().getOrDefault("broker.epoch", "")))
              : OptionalLong.empty();
      boolean sameBoot = bootId.toString().equals(properties.get().get("boot.id"));
      return new PreviousRun(true, sameBoot, epoch);
    } catch (JangadaException | NumberFormatException e) {
      LOG.warn("{} can't be read, taken for an unclean end after a reboot: {}", file, e.toString());
      return new PreviousRun(true, false, OptionalLong.empty());
    }
  }
}
