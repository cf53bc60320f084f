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

  private final Path file;
  private final UUID incarnation;
  private final UUID bootId;
  private final PreviousRun previous;
  private volatile OptionalLong brokerEpoch = OptionalLong.empty();

  private RunMark(Path file, UUID incarnation, UUID bootId, PreviousRun previous) {
    this.file = file;
    this.incarnation = incarnation;
    this.bootId = bootId;
    this.previous = previous;
  }

  /** Reads how the last run ended and marks, durably, that a new one has begun. */
  static RunMark begin(Path directory, UUID incarnation, UUID bootId) {
    Path file = directory.resolve(FILE_NAME);
    RunMark mark = new RunMark(file, incarnation, bootId, readPrevious(file, bootId));
    mark.write("running", OptionalLong.empty());
    return mark;
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
    epoch.ifPresent(value -> properties.put("broker.epoch", Long.toString(value)));
    DurableFiles.write(file, properties);
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
