// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.broker.frontdoor.ClientServices;
import io.jangada.broker.frontdoor.FrontDoorContext;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.groups.KafkaGroups;
import io.jangada.kafka.api.KafkaApi;
import java.util.List;

/** The APIs of this package. */
public final class GroupApis {
  private GroupApis() {}

  /** All of them. */
  public static List<KafkaApi<?>> of(FrontDoorContext context) {
    ClientServices services = context.services();
    ClusterMetadata metadata = services.metadata();
    KafkaGroups groups = services.groups().kafka();
    return List.of(
        new FindCoordinatorApi(metadata, services.groups().directory()),
        new JoinGroupApi(groups),
        new SyncGroupApi(groups),
        new HeartbeatApi(groups),
        new LeaveGroupApi(groups),
        new OffsetCommitApi(metadata, groups),
        new OffsetFetchApi(metadata, groups),
        new OffsetDeleteApi(metadata, groups),
        new DescribeGroupsApi(groups),
        new ListGroupsApi(groups),
        new DeleteGroupsApi(groups),
        new ConsumerGroupHeartbeatApi(groups),
        new ConsumerGroupDescribeApi(groups));
  }
}
