// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal;

import io.jangada.client.ClientConfig;
import io.jangada.client.internal.metadata.BrokerRotation;
import io.jangada.client.internal.metadata.MetadataCache;
import io.jangada.client.internal.metadata.MetadataUpdater;
import io.jangada.client.internal.metadata.Routes;
import io.jangada.client.internal.metadata.TopicLookup;
import io.jangada.client.internal.meters.ClientMeters;
import io.jangada.client.internal.net.Connections;

/**
 * What producers, consumers and the admin interface of one client share; all of it thread-safe.
 *
 * @param config how the cluster is reached
 * @param connections one to each broker
 * @param cache what is known of the cluster
 * @param updater keeps that fresh
 * @param rotation whom to ask what any broker can answer
 * @param routes the way to partitions
 * @param topics finds topics by name
 * @param meters counts what happens
 */
public record Shared(
    ClientConfig config,
    Connections connections,
    MetadataCache cache,
    MetadataUpdater updater,
    BrokerRotation rotation,
    Routes routes,
    TopicLookup topics,
    ClientMeters meters) {

  /** All of it, over these connections. */
  public static Shared over(ClientConfig config, Connections connections, ClientMeters meters) {
    MetadataCache cache = new MetadataCache();
    BrokerRotation rotation = new BrokerRotation(config, connections, cache);
    MetadataUpdater updater =
        new MetadataUpdater(config, cache, rotation, meters.metadataRefreshes);
    return new Shared(
        config,
        connections,
        cache,
        updater,
        rotation,
        new Routes(cache, connections, rotation),
        new TopicLookup(cache, updater),
        meters);
  }
}
