// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.frontdoor.ClientServices;
import io.jangada.broker.frontdoor.FrontDoorContext;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.network.MemoryBudget;
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
    List<KafkaApi<?>> all = new ArrayList<>(others);
    all.addAll(apis);
    apis.add(new ApiVersionsApi(all));
    return apis;
  }
}
