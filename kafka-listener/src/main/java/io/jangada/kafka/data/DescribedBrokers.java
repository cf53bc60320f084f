// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.kafka.api.KafkaIds;
import io.jangada.kafka.api.Network;
import io.jangada.kafka.api.Network.HostAndPort;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.image.MetadataImage;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBrokerCollection;
import org.jspecify.annotations.Nullable;

/** The brokers in service that a client can reach, as one image has them. Immutable. */
public final class DescribedBrokers {
  private final MetadataImage image;
  private final SortedMap<Integer, Described> brokers = new TreeMap<>();

  /** A broker and where the client reaches it. */
  public record Described(BrokerRegistration broker, HostAndPort address) {
    /** Its failure domain, or null. */
    public @Nullable String rack() {
      String rack = broker.profile().rack();
      return rack.isEmpty() ? null : rack;
    }
  }

  /** As a client of that network sees them. */
  public DescribedBrokers(MetadataImage image, Network network) {
    this.image = image;
    for (BrokerRegistration broker : image.brokers().values()) {
      if (broker.inService()) {
        network
            .addressOf(broker)
            .ifPresent(address -> brokers.put(broker.brokerId(), new Described(broker, address)));
      }
    }
  }

  /** The id of the cluster as Kafka's clients are told it; null before it is formatted. */
  public static @Nullable String clusterId(MetadataImage image) {
    UUID id = image.cluster().clusterId();
    return id == null ? null : KafkaIds.toKafka(id).toString();
  }

  /** By id. */
  public SortedMap<Integer, Described> all() {
    return brokers;
  }

  /** Whether the broker is in service and the client can reach it. */
  public boolean reachable(int brokerId) {
    return brokers.containsKey(brokerId);
  }

  /** Whether the broker is in service. */
  public boolean inService(int brokerId) {
    return image.inService(brokerId);
  }

  /** The broker; empty if the client cannot reach it. */
  public Optional<Described> broker(int brokerId) {
    return Optional.ofNullable(brokers.get(brokerId));
  }

  /**
   * Whom to send what concerns the cluster: anyone passes it on, the quorum's leader need not.
   *
   * @param here this broker
   */
  public int anyAdministrator(int here) {
    int controller = image.cluster().controller().nodeId();
    return reachable(controller) ? controller : here;
  }

  MetadataResponseBrokerCollection forMetadata() {
    MetadataResponseBrokerCollection all = new MetadataResponseBrokerCollection();
    brokers.forEach(
        (id, each) ->
            all.add(
                new MetadataResponseBroker()
                    .setNodeId(id)
                    .setHost(each.address().host())
                    .setPort(each.address().port())
                    .setRack(each.rack())));
    return all;
  }
}
