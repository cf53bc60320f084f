// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.fake;

import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.AdminServiceGrpc;
import io.jangada.api.v1.CreateTopicResult;
import io.jangada.api.v1.CreateTopicsRequest;
import io.jangada.api.v1.CreateTopicsResponse;
import io.jangada.api.v1.DescribeQuorumRequest;
import io.jangada.api.v1.DescribeQuorumResponse;
import io.jangada.api.v1.DescribeTopicsRequest;
import io.jangada.api.v1.DescribeTopicsResponse;
import io.jangada.api.v1.ListBrokersRequest;
import io.jangada.api.v1.ListBrokersResponse;
import io.jangada.api.v1.ListTopicsRequest;
import io.jangada.api.v1.ListTopicsResponse;
import io.jangada.api.v1.NewTopic;
import io.jangada.api.v1.PartitionOffsets;
import io.jangada.api.v1.TopicDescription;
import io.jangada.api.v1.TopicSummary;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.Uuids;
import io.jangada.wire.WireErrors;

/** Enough of the admin service to see that calls and mappings fit. */
final class FakeAdmin extends AdminServiceGrpc.AdminServiceImplBase {
  private final FakeCluster cluster;
  private final int broker;

  FakeAdmin(FakeCluster cluster, int broker) {
    this.cluster = cluster;
    this.broker = broker;
  }

  @Override
  public void createTopics(CreateTopicsRequest request, StreamObserver<CreateTopicsResponse> out) {
    if (cluster.changesHang()) {
      return;
    }
    cluster.askedForChange(broker);
    CreateTopicsResponse.Builder response = CreateTopicsResponse.newBuilder();
    synchronized (cluster) {
      for (NewTopic topic : request.getTopicsList()) {
        CreateTopicResult.Builder result = CreateTopicResult.newBuilder().setName(topic.getName());
        if (cluster.topics().containsKey(topic.getName())) {
          result.setError(
              WireErrors.toWire(
                  new JangadaException(
                      ErrorCode.TOPIC_ALREADY_EXISTS,
                      "expected a new name, but " + topic.getName() + " exists",
                      "choose another")));
        } else {
          cluster.createTopic(topic.getName(), 1);
          result
              .setId(Uuids.toBytes(cluster.topics().get(topic.getName()).id()))
              .setPartitions(1)
              .setReplicationFactor(1);
        }
        response.addResults(result);
      }
    }
    out.onNext(response.build());
    out.onCompleted();
  }

  @Override
  public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> out) {
    cluster.askedForTopics(broker);
    ListTopicsResponse.Builder response = ListTopicsResponse.newBuilder();
    synchronized (cluster) {
      cluster
          .topics()
          .forEach(
              (name, topic) ->
                  response.addTopics(
                      TopicSummary.newBuilder()
                          .setName(name)
                          .setId(Uuids.toBytes(topic.id()))
                          .setPartitions(topic.partitions().size())
                          .setReplicationFactor(1)));
    }
    out.onNext(response.build());
    out.onCompleted();
  }

  @Override
  public void describeTopics(
      DescribeTopicsRequest request, StreamObserver<DescribeTopicsResponse> out) {
    DescribeTopicsResponse.Builder response = DescribeTopicsResponse.newBuilder();
    synchronized (cluster) {
      cluster
          .topics()
          .forEach(
              (name, topic) -> {
                TopicDescription.Builder description =
                    TopicDescription.newBuilder().setTopic(FakeCluster.info(name, topic));
                for (FakePartition p : topic.partitions()) {
                  description.addOffsets(
                      PartitionOffsets.newBuilder()
                          .setPartition(p.number)
                          .setLogStartOffset(p.logStart)
                          .setHighWatermark(p.nextOffset)
                          .setLogEndOffset(p.nextOffset));
                }
                response.addTopics(description);
              });
    }
    out.onNext(response.build());
    out.onCompleted();
  }

  @Override
  public void listBrokers(ListBrokersRequest request, StreamObserver<ListBrokersResponse> out) {
    out.onNext(ListBrokersResponse.newBuilder().addAllBrokers(cluster.brokerInfos()).build());
    out.onCompleted();
  }

  @Override
  public void describeQuorum(
      DescribeQuorumRequest request, StreamObserver<DescribeQuorumResponse> out) {
    out.onError(
        WireErrors.toStatus(
            new JangadaException(ErrorCode.INVALID_REQUEST, "expected a quorum", "add one")));
  }
}
