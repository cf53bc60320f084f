// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.jangada.api.v1.GetMetadataRequest;
import io.jangada.api.v1.MetadataServiceGrpc;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.api.v1.TopicRef;
import io.jangada.client.BrokerAddress;
import io.jangada.client.internal.net.Connection;
import java.util.Set;
import java.util.function.Consumer;

/** One stream of snapshots from one broker, for some topics. */
final class MetadataWatch {
  private final Connection connection;
  private final Set<String> topics;
  private final long openedAtNanos;
  private final ClientCall<GetMetadataRequest, MetadataSnapshot> call;
  private volatile boolean answered;
  private volatile boolean ended;

  private MetadataWatch(
      Connection connection,
      Set<String> topics,
      long nowNanos,
      ClientCall<GetMetadataRequest, MetadataSnapshot> call) {
    this.connection = connection;
    this.topics = topics;
    this.openedAtNanos = nowNanos;
    this.call = call;
  }

  /**
   * Opens a stream.
   *
   * @param onSnapshot called on a network thread
   * @param onEnd called on a network thread, once
   */
  static MetadataWatch open(
      Connection connection,
      Set<String> topics,
      long nowNanos,
      Consumer<MetadataSnapshot> onSnapshot,
      Runnable onEnd) {
    ManagedChannel channel = connection.channel();
    ClientCall<GetMetadataRequest, MetadataSnapshot> call =
        channel.newCall(MetadataServiceGrpc.getWatchMetadataMethod(), CallOptions.DEFAULT);
    MetadataWatch watch = new MetadataWatch(connection, topics, nowNanos, call);
    call.start(
        new ClientCall.Listener<MetadataSnapshot>() {
          @Override
          public void onMessage(MetadataSnapshot snapshot) {
            watch.answered = true;
            connection.answered();
            onSnapshot.accept(snapshot);
            call.request(1);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            watch.ended = true;
            if (status.getCode() == Status.Code.UNAVAILABLE) {
              connection.failed(channel, System.nanoTime());
            }
            onEnd.run();
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(request(topics));
    call.halfClose();
    return watch;
  }

  static GetMetadataRequest request(Set<String> topics) {
    GetMetadataRequest.Builder request = GetMetadataRequest.newBuilder();
    topics.forEach(name -> request.addTopics(TopicRef.newBuilder().setName(name)));
    return request.build();
  }

  Connection connection() {
    return connection;
  }

  BrokerAddress address() {
    return connection.address();
  }

  boolean covers(Set<String> wanted) {
    return topics.equals(wanted);
  }

  boolean ended() {
    return ended;
  }

  /** True if the broker took the question and has not answered for too long. */
  boolean overdue(long nowNanos, long patienceNanos) {
    return !answered && nowNanos - openedAtNanos > patienceNanos;
  }

  long ageNanos(long nowNanos) {
    return nowNanos - openedAtNanos;
  }

  void cancel() {
    ended = true;
    call.cancel("another broker is watched", null);
  }
}
