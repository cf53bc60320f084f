// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.settings;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.SettingsImage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of this node as they are now. Changed by the metadata thread alone; read by anyone.
 */
public final class LiveSettings implements Supplier<RunningSettings> {
  private static final Logger log = LoggerFactory.getLogger(LiveSettings.class);

  private final BrokerConfig config;
  private final List<Consumer<RunningSettings>> listeners = new CopyOnWriteArrayList<>();
  private SettingsImage seen;
  private volatile RunningSettings now;

  private LiveSettings(BrokerConfig config, SettingsImage seen) {
    this.config = config;
    this.seen = seen;
    this.now = RunningSettings.of(config, seen);
  }

  /** Follows the metadata from here on. */
  public static LiveSettings follow(BrokerConfig config, ClusterMetadata metadata) {
    LiveSettings live = new LiveSettings(config, metadata.image().settings());
    // For the life of the process, like the metadata itself.
    var unused = metadata.listen(live::changed);
    return live;
  }

  @Override
  public RunningSettings get() {
    return now;
  }

  /** Tells the listener of the settings now, and of each change, on the metadata thread. */
  public void onChange(Consumer<RunningSettings> listener) {
    listeners.add(listener);
    listener.accept(now);
  }

  private void changed(MetadataDelta delta) {
    // Compared, not taken from the records: after a snapshot those do not say what is gone.
    if (delta.after().settings().equals(seen)) {
      return;
    }
    seen = delta.after().settings();
    RunningSettings next = RunningSettings.of(config, delta.after().settings());
    if (!next.equals(now)) {
      log.info("Settings changed at metadata index {}: {}", delta.after().index(), next);
      now = next;
      listeners.forEach(listener -> listener.accept(next));
    }
  }
}
