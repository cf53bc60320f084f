// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.util.List;

/** Decides which logging library is started, before anything has asked for a logger. */
final class Logging {
  private static final String PROVIDER = "slf4j.provider";
  private static final String SILENT = "org.slf4j.helpers.NOP_FallbackServiceProvider";
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
    }
  }

  private static void setUnlessSet(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
