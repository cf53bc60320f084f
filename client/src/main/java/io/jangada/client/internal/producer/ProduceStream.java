// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.api.v1.ProduceServiceGrpc;
import io.jangada.client.BrokerAddress;
import io.jangada.client.internal.net.Connection;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.wire.WireErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One stream of appends to one broker. Nothing is sent before the connection stands, so what was
 * never sent is known not to be in doubt. For the sender thread; what the network calls back is
 * handed to it as an event.
 */
final class ProduceStream {
  /** Bytes that may wait in the stream: a few batches, so that the network never runs dry. */
  private static final int READY_BYTES = 1024 * 1024;

  private final Connection connection;
  private final ManagedChannel channel;
  private final ClientCall<ProduceRequest, ProduceResponse> call;
  private final Map<Long, Flying> flying = new LinkedHashMap<>();
  private long nextCorrelationId = 1;
  private boolean ended;
  private boolean answered;

  /** A batch under way, and whose it is. */
  record Flying(PartitionLane lane, ProducerBatch batch, long sentNanos) {}

  /** Hears, on the sender thread, what the stream brings. */
  interface Listener {
    /** An answer that carries a correlation id of this stream. */
    void answered(Flying flying, ProduceResponse response);

    /** The stream is over; these were not answered, in the order of sending. */
    void ended(ProduceStream stream, List<Flying> unanswered, JangadaException why);
  }

  private ProduceStream(
      Connection connection,
      ManagedChannel channel,
      ClientCall<ProduceRequest, ProduceResponse> call) {
    this.connection = connection;
    this.channel = channel;
    this.call = call;
  }

  /**
   * Opens a stream.
   *
   * @param events takes what has to run on the sender thread; called on network threads
   */
  static ProduceStream open(Connection connection, Consumer<Runnable> events, Listener listener) {
    ManagedChannel channel = connection.channel();
    ClientCall<ProduceRequest, ProduceResponse> call =
        channel.newCall(
            ProduceServiceGrpc.getProduceMethod(),
            CallOptions.DEFAULT.withOnReadyThreshold(READY_BYTES));
    ProduceStream stream = new ProduceStream(connection, channel, call);
    call.start(
        new ClientCall.Listener<ProduceResponse>() {
          @Override
          public void onReady() {
            events.accept(() -> {}); // only to wake the sender
          }

          @Override
          public void onMessage(ProduceResponse response) {
            events.accept(() -> stream.onAnswer(response, listener));
            call.request(1);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            events.accept(() -> stream.onEnd(status.asRuntimeException(trailers), listener));
          }
        },
        new Metadata());
    call.request(1);
    return stream;
  }

  BrokerAddress address() {
    return connection.address();
  }

  /** Whether a batch may be sent without piling up. */
  boolean ready() {
    return !ended && call.isReady();
  }

  /** Sends a batch; the correlation id of the request is set here. */
  void send(
      PartitionLane lane, ProducerBatch batch, ProduceRequest.Builder request, long nowNanos) {
    long id = nextCorrelationId++;
    flying.put(id, new Flying(lane, batch, nowNanos));
    call.sendMessage(request.setCorrelationId(id).build());
  }

  /** Sends a batch that no answer is expected for. */
  void sendWithoutAnswer(ProduceRequest.Builder request) {
    call.sendMessage(request.setCorrelationId(nextCorrelationId++).build());
  }

  /** No longer waits for a lane's answers; returns what was unanswered, in the order of sending. */
  List<Flying> giveUpOn(PartitionLane lane) {
    List<Flying> given = new ArrayList<>();
    for (Flying candidate : flying.values()) {
      if (candidate.lane() == lane) {
        given.add(candidate);
      }
    }
    flying.values().removeIf(candidate -> candidate.lane() == lane);
    return given;
  }

  /** Ends a stream whose oldest request has been unanswered for too long. */
  void endIfOverdue(long nowNanos, long patienceNanos) {
    if (ended || flying.isEmpty()) {
      return;
    }
    Flying oldest = flying.values().iterator().next();
    if (nowNanos - oldest.sentNanos() > patienceNanos) {
      cancel("no answer within " + patienceNanos / 1_000_000 + " ms");
    }
  }

  /** Ends the stream; its end is reported as an event. */
  void cancel(String why) {
    call.cancel(why, null);
  }

  /** Sends no more. */
  void halfClose() {
    if (!ended) {
      call.halfClose();
    }
  }

  private void onAnswer(ProduceResponse response, Listener listener) {
    if (!answered) {
      answered = true;
      connection.answered();
    }
    Flying match = flying.remove(response.getCorrelationId());
    if (match != null) {
      listener.answered(match, response);
    }
  }

  private void onEnd(StatusRuntimeException failure, Listener listener) {
    ended = true;
    if (!answered || failure.getStatus().getCode() == Status.Code.UNAVAILABLE) {
      connection.failed(channel, System.nanoTime());
    }
    List<Flying> unanswered = List.copyOf(flying.values());
    flying.clear();
    listener.ended(this, unanswered, why(failure));
  }

  /** Whatever ended the stream, what was on it is in doubt; only a typed error says more. */
  private JangadaException why(StatusRuntimeException failure) {
    if (WireErrors.inTrailers(failure).isPresent()
        || failure.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
      return WireErrors.fromCall(failure, address().toString(), true);
    }
    return new JangadaException(
        ErrorCode.NETWORK_ERROR,
        "expected answers from " + address() + ", but the stream ended: " + failure.getMessage(),
        "look whether the broker at " + address() + " runs and can be reached",
        false,
        failure);
  }
}
