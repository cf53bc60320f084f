// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.frontdoor.ClientServices;
import io.jangada.broker.frontdoor.FrontDoorContext;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.config.ConfigDescriptions;
import java.time.InstantSource;
import java.util.List;

/** The APIs of this package. */
public final class AdminApis {
  private AdminApis() {}

  /** All of them. */
  public static List<KafkaApi<?>> of(FrontDoorContext context) {
    ClientServices services = context.services();
    ClusterMetadata metadata = services.metadata();
    ClientServices.Admin admin = services.admin();
    int brokerId = services.brokerId();
    ConfigDescriptions configs = new ConfigDescriptions(admin.describer());
    ConfigAlteration alteration =
        new ConfigAlteration(
            brokerId, metadata, admin.topics(), admin.settings(), admin.describer());
    return List.of(
        new CreateTopicsApi(metadata, admin.topics(), configs),
        new DeleteTopicsApi(metadata, admin.topics()),
        new CreatePartitionsApi(metadata, admin.topics()),
        new DeleteRecordsApi(brokerId, metadata, admin.deletion()),
        new DescribeConfigsApi(brokerId, metadata, configs),
        new AlterConfigsApi(alteration),
        new IncrementalAlterConfigsApi(alteration),
        new ListConfigResourcesApi(metadata),
        new DescribeClusterApi(brokerId, metadata),
        new DescribeTopicPartitionsApi(metadata),
        new DescribeQuorumApi(admin.quorum(), InstantSource.system()),
        new UpdateFeaturesApi(metadata, admin.settings()),
        new DescribeProducersApi(metadata, services.partitions().producers()),
        new DescribeTransactionsApi(),
        new ListTransactionsApi());
  }
}
