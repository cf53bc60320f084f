// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.AdminServiceGrpc;
import io.jangada.api.v1.BrokerInfo;
import io.jangada.api.v1.BrokerState;
import io.jangada.api.v1.GetMetadataRequest;
import io.jangada.api.v1.InitProducerRequest;
import io.jangada.api.v1.InitProducerResponse;
import io.jangada.api.v1.ListBrokersRequest;
import io.jangada.api.v1.ListBrokersResponse;
import io.jangada.api.v1.MetadataServiceGrpc;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.api.v1.PartitionInfo;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.api.v1.ProduceServiceGrpc;
import io.jangada.api.v1.TopicInfo;
import io.jangada.api.v1.TopicRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/** Answers producers at once and keeps nothing: what is measured against it is the client alone. */
final class SinkBroker implements AutoCloseable {
  private static final int ID = 1;

  private final int partitions;
  private final Server server;

  SinkBroker(int partitions) throws IOException {
    this.partitions = partitions;
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(new Produce())
            .addService(new Metadata())
            .addService(new Brokers())
            .build()
            .start();
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private BrokerInfo self() {
    return BrokerInfo.newBuilder()
        .setId(ID)
        .setGrpcAddress(address())
        .setState(BrokerState.BROKER_STATE_ACTIVE)
        .build();
  }

  private MetadataSnapshot snapshot(GetMetadataRequest request) {
    MetadataSnapshot.Builder snapshot =
        MetadataSnapshot.newBuilder().setClusterId("sink").setIndex(1).addBrokers(self());
    for (TopicRef topic : request.getTopicsList()) {
      TopicInfo.Builder info =
          TopicInfo.newBuilder().setName(topic.getName()).setId(ByteString.copyFrom(new byte[16]));
      for (int i = 0; i < partitions; i++) {
        info.addPartitions(PartitionInfo.newBuilder().setPartition(i).setLeader(ID));
      }
      snapshot.addTopics(info);
    }
    return snapshot.build();
  }

  private final class Metadata extends MetadataServiceGrpc.MetadataServiceImplBase {
    @Override
    public void getMetadata(GetMetadataRequest request, StreamObserver<MetadataSnapshot> out) {
      out.onNext(snapshot(request));
      out.onCompleted();
    }

    @Override
    public void watchMetadata(GetMetadataRequest request, StreamObserver<MetadataSnapshot> out) {
      out.onNext(snapshot(request));
    }
  }

  /** What the command line asks first. */
  private final class Brokers extends AdminServiceGrpc.AdminServiceImplBase {
    @Override
    public void listBrokers(ListBrokersRequest request, StreamObserver<ListBrokersResponse> out) {
      out.onNext(ListBrokersResponse.newBuilder().addBrokers(self()).build());
      out.onCompleted();
    }
  }

  private static final class Produce extends ProduceServiceGrpc.ProduceServiceImplBase {
    private final AtomicLong offset = new AtomicLong();

    @Override
    public void initProducer(
        InitProducerRequest request, StreamObserver<InitProducerResponse> out) {
      out.onNext(InitProducerResponse.newBuilder().setProducerId(1).build());
      out.onCompleted();
    }

    @Override
    public StreamObserver<ProduceRequest> produce(StreamObserver<ProduceResponse> out) {
      return new StreamObserver<>() {
        @Override
        public void onNext(ProduceRequest request) {
          out.onNext(
              ProduceResponse.newBuilder()
                  .setCorrelationId(request.getCorrelationId())
                  .setBaseOffset(offset.getAndIncrement())
                  .setLogAppendTimeMs(-1)
                  .build());
        }

        @Override
        public void onError(Throwable gone) {
          // The measurement is over.
        }

        @Override
        public void onCompleted() {
          out.onCompleted();
        }
      };
    }
  }
}
