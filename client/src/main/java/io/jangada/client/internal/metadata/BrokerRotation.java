// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

import io.jangada.client.BrokerAddress;
import io.jangada.client.ClientConfig;
import io.jangada.client.internal.net.Connection;
import io.jangada.client.internal.net.Connections;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Whom to ask what any broker can answer: one after the other, those in service first, passing over
 * those that could not be reached just now. Thread-safe.
 */
public final class BrokerRotation {
  private final List<BrokerAddress> bootstrap;
  private final Connections connections;
  private final MetadataCache cache;
  private final AtomicInteger turn = new AtomicInteger(ThreadLocalRandom.current().nextInt(1024));

  /** A rotation that begins anywhere. */
  public BrokerRotation(ClientConfig config, Connections connections, MetadataCache cache) {
    this.bootstrap = config.bootstrap();
    this.connections = connections;
    this.cache = cache;
  }

  /**
   * The next broker that may be asked now.
   *
   * @param avoid asked only if there is no other, or null
   * @return empty if all have just failed; see {@link #waitNanos}
   */
  public Optional<Connection> next(long nowNanos, @Nullable BrokerAddress avoid) {
    List<BrokerAddress> candidates = candidates();
    int from = Math.floorMod(turn.getAndIncrement(), candidates.size());
    Connection lastChoice = null;
    for (int i = 0; i < candidates.size(); i++) {
      BrokerAddress address = candidates.get((from + i) % candidates.size());
      Connection connection = connections.to(address);
      if (connection.waitNanos(nowNanos) > 0) {
        continue;
      }
      if (!address.equals(avoid) && !connection.unreachable(nowNanos)) {
        return Optional.of(connection);
      }
      lastChoice = connection;
    }
    return Optional.ofNullable(lastChoice);
  }

  /**
   * A broker that answered when it was last asked something; those that were given first, because
   * they are where the client was meant to go.
   */
  public Optional<Connection> reached(BrokerAddress except) {
    List<BrokerAddress> ordered = new ArrayList<>(bootstrap);
    ordered.addAll(candidates());
    return ordered.stream()
        .filter(address -> !address.equals(except))
        .map(connections::to)
        .filter(Connection::reached)
        .findFirst();
  }

  /** This broker, if it is known and may be asked now. */
  public Optional<Connection> at(BrokerAddress address, long nowNanos) {
    if (!candidates().contains(address)) {
      return Optional.empty();
    }
    Connection connection = connections.to(address);
    return connection.waitNanos(nowNanos) > 0 ? Optional.empty() : Optional.of(connection);
  }

  /** How long until some broker may be asked again. */
  public long waitNanos(long nowNanos) {
    long least = Long.MAX_VALUE;
    for (BrokerAddress address : candidates()) {
      least = Math.min(least, connections.to(address).waitNanos(nowNanos));
    }
    return Math.max(0, least);
  }

  private List<BrokerAddress> candidates() {
    MetadataView view = cache.view();
    Set<BrokerAddress> inService = new LinkedHashSet<>();
    for (Map.Entry<Integer, BrokerAddress> broker : view.brokers().entrySet()) {
      if (!view.fenced().contains(broker.getKey())) {
        inService.add(broker.getValue());
      }
    }
    // What was given stays reachable even where the brokers' own addresses are not.
    inService.addAll(bootstrap);
    return new ArrayList<>(inService);
  }
}
