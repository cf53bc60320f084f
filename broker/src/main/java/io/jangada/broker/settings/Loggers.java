// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.settings;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * How much each logger of this process says. What is changed here holds until the process ends, or
 * until {@code logging.level} is changed, which is the level of {@code io.jangada}. Thread-safe;
 * where the log is not Logback's there are no loggers.
 */
public final class Loggers {
  /** What the root is called by clients. */
  public static final String ROOT = "root";

  private static final List<String> LEVELS =
      List.of("FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");

  private Loggers() {}

  /** The level in force of every logger that there is, by name. */
  public static Map<String, String> levels() {
    Map<String, String> levels = new TreeMap<>();
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
      logback
          .getLoggerList()
          .forEach(logger -> levels.put(nameOf(logger), logger.getEffectiveLevel().toString()));
    }
    return levels;
  }

  /**
   * Checks a change.
   *
   * @param level null for that of the logger above
   * @throws JangadaException INVALID_CONFIG if there is no such logger or level, INVALID_REQUEST if
   *     the root would have none
   */
  public static void check(String name, @Nullable String level) {
    if (!levels().containsKey(name)) {
      throw new JangadaException(
          ErrorCode.INVALID_CONFIG,
          "expected the name of a logger, but got \"" + name + '"',
          "a logger is there once its class was used; io.jangada is the one above all of ours");
    }
    if (level == null && name.equals(ROOT)) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST, "expected a level for the root logger, but got none", "");
    }
    if (level != null && !LEVELS.contains(level.toUpperCase(Locale.ROOT))) {
      throw new JangadaException(
          ErrorCode.INVALID_CONFIG,
          "expected a level of " + String.join(", ", LEVELS) + ", but got \"" + level + '"',
          "");
    }
  }

  /** Makes a change that {@link #check} lets pass. */
  public static void set(String name, @Nullable String level) {
    check(name, level);
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
      // Logback knows nothing above errors.
      logback
          .getLogger(name.equals(ROOT) ? org.slf4j.Logger.ROOT_LOGGER_NAME : name)
          .setLevel(level == null ? null : Level.toLevel(level, Level.ERROR));
    }
  }

  private static String nameOf(Logger logger) {
    return logger.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME) ? ROOT : logger.getName();
  }
}
