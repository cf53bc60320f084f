// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.consumer;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.api.v1.Assign;
import io.jangada.api.v1.ConsumeRequest;
import io.jangada.api.v1.ConsumeResponse;
import io.jangada.api.v1.ConsumeServiceGrpc;
import io.jangada.api.v1.Credit;
import io.jangada.api.v1.Unassign;
import io.jangada.client.BrokerAddress;
import io.jangada.client.internal.metadata.LeaderView;
import io.jangada.client.internal.net.Connection;
import io.jangada.common.TopicPartition;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** One stream of batches from one broker. For the polling thread. */
final class FetchStream {
  private final Connection connection;
  private final ManagedChannel channel;
  private final ClientCall<ConsumeRequest, ConsumeResponse> call;
  private final Map<Long, PartitionFetch> assigned = new HashMap<>();
  private long nextAssignmentId = 1;
  private boolean ended;
  private boolean answered;

  /** Hears, on the polling thread, what the stream brings. */
  interface Listener {
    /** A response for an assignment that still holds. */
    void received(FetchStream stream, PartitionFetch partition, ConsumeResponse response);

    /** The stream is over, and all its assignments with it. */
    void ended(FetchStream stream, StatusRuntimeException why);
  }

  private FetchStream(
      Connection connection,
      ManagedChannel channel,
      ClientCall<ConsumeRequest, ConsumeResponse> call) {
    this.connection = connection;
    this.channel = channel;
    this.call = call;
  }

  /**
   * Opens a stream.
   *
   * @param creditBytes what the broker may send ahead
   * @param events takes what has to run on the polling thread; called on network threads
   */
  static FetchStream open(
      Connection connection, long creditBytes, Consumer<Runnable> events, Listener listener) {
    ManagedChannel channel = connection.channel();
    ClientCall<ConsumeRequest, ConsumeResponse> call =
        channel.newCall(ConsumeServiceGrpc.getConsumeMethod(), CallOptions.DEFAULT);
    FetchStream stream = new FetchStream(connection, channel, call);
    call.start(
        new ClientCall.Listener<ConsumeResponse>() {
          @Override
          public void onMessage(ConsumeResponse response) {
            events.accept(() -> stream.onResponse(response, listener));
            call.request(1); // credit, not this, bounds what is sent
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            events.accept(() -> stream.onEnd(status.asRuntimeException(trailers), listener));
          }
        },
        new Metadata());
    call.request(1);
    stream.giveCredit(creditBytes);
    return stream;
  }

  BrokerAddress address() {
    return connection.address();
  }

  /** Begins to read a partition; returns the assignment's id. */
  long assign(PartitionFetch partition, LeaderView leader, long offset) {
    long id = nextAssignmentId++;
    assigned.put(id, partition);
    TopicPartition which = partition.partition();
    send(
        ConsumeRequest.newBuilder()
            .setAssign(
                Assign.newBuilder()
                    .setAssignmentId(id)
                    .setTopic(leader.topic())
                    .setPartition(which.partition())
                    .setOffset(offset)
                    .setLeaderEpoch(leader.leaderEpoch())
                    .setForward(leader.forward())
                    .setAnyReplica(leader.access() == LeaderView.Access.FOLLOWER)));
    return id;
  }

  /** Ends an assignment; what is still under way for it is dropped. */
  void unassign(long id) {
    if (assigned.remove(id) != null) {
      send(ConsumeRequest.newBuilder().setUnassign(Unassign.newBuilder().setAssignmentId(id)));
    }
  }

  /** Lets the broker send more. */
  void giveCredit(long bytes) {
    if (bytes > 0) {
      send(ConsumeRequest.newBuilder().setCredit(Credit.newBuilder().setBytes(bytes)));
    }
  }

  /** Ends the stream. */
  void cancel(String why) {
    call.cancel(why, null);
  }

  private void send(ConsumeRequest.Builder request) {
    if (!ended) {
      call.sendMessage(request.build());
    }
  }

  private void onResponse(ConsumeResponse response, Listener listener) {
    if (ended) {
      return;
    }
    if (!answered) {
      answered = true;
      connection.answered();
    }
    PartitionFetch partition = assigned.get(response.getAssignmentId());
    if (partition == null) {
      giveCredit(response.getRecordBatches().size()); // of an assignment that is over
      return;
    }
    if (response.hasError()) {
      assigned.remove(response.getAssignmentId());
    }
    listener.received(this, partition, response);
  }

  private void onEnd(StatusRuntimeException why, Listener listener) {
    ended = true;
    assigned.values().forEach(PartitionFetch::left);
    assigned.clear();
    if (!answered || why.getStatus().getCode() == Status.Code.UNAVAILABLE) {
      connection.failed(channel, System.nanoTime());
    }
    listener.ended(this, why);
  }
}
