// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.frontdoor.ClientServices;
import io.jangada.broker.frontdoor.FrontDoorContext;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.network.MemoryBudget;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import java.util.ArrayList;
import java.util.List;

/** The APIs of this package. */
public final class DataApis {
  private DataApis() {}

  /**
   * All of them.
   *
   * @param responses what records that are not sent yet take
   * @param others that clients are told of besides
   */
  public static List<KafkaApi<?>> of(
      FrontDoorContext context,
      BrokerConfig.Kafka config,
      MemoryBudget responses,
      List<KafkaApi<?>> others) {
    ClientServices services = context.services();
    List<KafkaApi<?>> apis = new ArrayList<>();
    apis.add(
        new MetadataApi(
            services.brokerId(),
            services.metadata(),
            services.admin().topics(),
            config.autoCreateTopics()));
    ClientServices.Partitions partitions = services.partitions();
    apis.add(new ProduceApi(partitions.appends(), services.metadata()));
    FetchSessions sessions = new FetchSessions(config.bounds().fetchSessions());
    register(sessions, context.metrics());
    apis.add(
        new FetchApi(
            sessions,
            new Fetching.Resources(
                partitions.fetches(),
                partitions.offsets(),
                services.metadata(),
                new NearestReplica(services.brokerId(), services.metadata()),
                responses,
                config.bounds().maxFetchSize().toIntBytes())));
    apis.add(new ListOffsetsApi(partitions.offsets()));
    apis.add(new OffsetForLeaderEpochApi(partitions.offsets()));
    apis.add(new InitProducerIdApi(partitions.producerIds()));
    List<KafkaApi<?>> all = new ArrayList<>(others);
    all.addAll(apis);
    apis.add(new ApiVersionsApi(services.metadata(), all));
    return apis;
  }

  private static void register(FetchSessions sessions, CollectorRegistry registry) {
    Gauge.build("jangada_kafka_fetch_sessions", "Incremental fetch sessions that are remembered.")
        .register(registry)
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return sessions.size();
              }
            });
    Gauge.build(
            "jangada_kafka_fetch_sessions_forgotten",
            "Incremental fetch sessions that were forgotten to make room for others.")
        .register(registry)
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return sessions.forgotten();
              }
            });
  }
}
