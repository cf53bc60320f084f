// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.config.LogLevel;
import java.util.Locale;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Gives each log line the broker's id, and brings gRPC's java.util.logging into the same log. */
public final class ServerLogging {
  /** Both are read by logback.xml when it is loaded, which is at the first logger. */
  private static final String BROKER_PROPERTY = "jangada.broker";

  private static final String FORMAT_PROPERTY = "jangada.logging.format";

  /** What the level is of; libraries say what is wrong with them, and no more. */
  private static final String OURS = "io.jangada";

  private ServerLogging() {}

  /** Call before the first logger is made. */
  public static void begin(BrokerConfig config) {
    System.setProperty(BROKER_PROPERTY, Integer.toString(config.node().id()));
    System.setProperty(FORMAT_PROPERTY, config.logging().format().name().toLowerCase(Locale.ROOT));
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    level(config.logging().level());
  }

  /**
   * How much is logged from here on; any thread. Where the log is not Logback's, nothing happens.
   */
  public static void level(LogLevel level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
      logback
          .getLogger(OURS)
          .setLevel(
              switch (level) {
                case ERROR -> Level.ERROR;
                case WARN -> Level.WARN;
                case INFO -> Level.INFO;
                case DEBUG -> Level.DEBUG;
                case TRACE -> Level.TRACE;
              });
    }
  }
}
