// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.settings;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.config.LogLevel;
import io.jangada.common.DataSize;
import io.jangada.common.Durations;
import io.jangada.metadata.image.SettingKey;
import io.jangada.metadata.image.SettingsImage;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of one node that are in force. Immutable.
 *
 * @param producesInFlight record bytes of unfinished produce requests
 * @param parkedReads reads that wait for new records
 * @param lagTimeout how long an in-sync replica may lag
 * @param maxBatchSize the largest record batch
 * @param logLevel how much the log says
 */
public record RunningSettings(
    DataSize producesInFlight,
    int parkedReads,
    Duration lagTimeout,
    DataSize maxBatchSize,
    LogLevel logLevel) {
  private static final Logger log = LoggerFactory.getLogger(RunningSettings.class);

  /**
   * What holds for that node: what is set for it, else for the cluster, else what it was started
   * with. A value that this version does not understand is left out of account, with a warning: the
   * controller may be of another version.
   */
  public static RunningSettings of(BrokerConfig config, SettingsImage settings) {
    Reader reader = new Reader(config.node().id(), settings);
    return new RunningSettings(
        reader.read(
            SettingKey.PRODUCES_IN_FLIGHT, DataSize::parse, config.broker().producesInFlight()),
        reader.read(SettingKey.PARKED_READS, Integer::valueOf, config.broker().parkedReads()),
        reader.read(
            SettingKey.REPLICATION_LAG_TIMEOUT,
            Durations::parse,
            config.replication().lagTimeout()),
        reader.read(SettingKey.MAX_BATCH_SIZE, DataSize::parse, config.log().maxBatchSize()),
        reader.read(
            SettingKey.LOGGING_LEVEL,
            text -> LogLevel.valueOf(text.toUpperCase(Locale.ROOT)),
            config.logging().level()));
  }

  private record Reader(int brokerId, SettingsImage settings) {
    <T> T read(SettingKey key, Function<String, T> parser, T started) {
      return settings
          .inForce(brokerId, key.key())
          .map(text -> understood(key, text, parser, started))
          .orElse(started);
    }

    private static <T> T understood(
        SettingKey key, String text, Function<String, T> parser, T started) {
      if (key.accepted().accepts(text)) {
        return parser.apply(text);
      }
      log.warn(
          "Expected {} to be {}, but the metadata says '{}': {} stays in force",
          key.key(),
          key.accepted().expected(),
          text,
          started);
      return started;
    }
  }
}
