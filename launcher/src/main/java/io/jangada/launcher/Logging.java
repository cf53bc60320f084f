// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.util.List;

/** Decides which logging library is started, before anything has asked for a logger. */
public final class Logging {
  private static final String PROVIDER = "slf4j.provider";
  private static final String SILENT = "org.slf4j.helpers.NOP_FallbackServiceProvider";
  private static final String SLF4J_VERBOSITY = "slf4j.internal.verbosity";
  private static final String JUL_CONFIGURATION = "java.util.logging.config.class";
  private static final String LOGBACK_FILE = "logback.configurationFile";
  private static final String VERBOSE_CLIENT = "io/jangada/launcher/logback-verbose.xml";

  private Logging() {}

  static void choose(boolean commandLogs, List<String> arguments) {
    if (commandLogs) {
      return;
    }
    if (arguments.contains("-v") || arguments.contains("--verbose")) {
      setUnlessSet(LOGBACK_FILE, VERBOSE_CLIENT);
    } else {
      setUnlessSet(PROVIDER, SILENT);
      setUnlessSet(SLF4J_VERBOSITY, "WARN");
      setUnlessSet(JUL_CONFIGURATION, NoHandlers.class.getName());
    }
  }

  private static void setUnlessSet(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  /**
   * Configures java.util.logging, which gRPC writes to, by not configuring it: nothing is printed.
   * Public because the log manager makes it.
   */
  public static final class NoHandlers {
    /** Does nothing. */
    public NoHandlers() {}
  }
}
