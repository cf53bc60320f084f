// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.jangada.api.v1.Acks;
import io.jangada.api.v1.Assign;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.broker.service.NotLeaderException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.prometheus.client.CollectorRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ForwarderTest {
  private final CollectorRegistry metrics = new CollectorRegistry();
  private final StuckCall call = new StuckCall();
  private final Forwarder forwarder =
      new Forwarder(broker -> Optional.of(new StuckChannel()), new ForwardingMetrics(metrics));

  @Test
  void whatNobodyAnswersCountsUntilItIsSent() {
    CompletableFuture<ProduceResponse> passedOn =
        forwarder.produce(
            new NotLeaderException("t-0", 2, 3, "b2:7400", 9),
            ProduceRequest.newBuilder().setAcks(Acks.ACKS_NONE).setCorrelationId(5).build(),
            Duration.ofMinutes(1));
    assertThat(passedOn).isNotDone();
    assertThat(metrics.getSampleValue("jangada_forward_in_flight_bytes")).isPositive();

    call.becomeReady();
    assertThat(passedOn.join().getCorrelationId()).isEqualTo(5);
    assertThat(metrics.getSampleValue("jangada_forward_in_flight_bytes")).isZero();
  }

  @Test
  void readsThroughTheNodeAreBoundedAndARefusalSaysWhereToGo() {
    CollectorRegistry registry = new CollectorRegistry();
    Forwarder two =
        new Forwarder(
            broker -> Optional.of(new StuckChannel()), new ForwardingMetrics(registry), 2);
    NotLeaderException leader = new NotLeaderException("t-0", 2, 3, "b2:7400", 9);
    LeaderReader first = two.consume(leader, Assign.getDefaultInstance(), 0);
    two.consume(leader, Assign.getDefaultInstance(), 0);
    assertThatExceptionOfType(JangadaException.class)
        .isThrownBy(() -> two.consume(leader, Assign.getDefaultInstance(), 0))
        .withMessageContaining("expected fewer than 2 partitions")
        .satisfies(
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED);
              assertThat(refused.retriable()).isTrue();
              assertThat(refused.hint()).isEqualTo("read fewer, or connect to b2:7400");
            });
    assertThat(registry.getSampleValue("jangada_forward_reads")).isEqualTo(2);
    assertThat(
            registry.getSampleValue(
                "jangada_forward_failures_total",
                new String[] {"kind", "code"},
                new String[] {"consume", "OVERLOADED"}))
        .isEqualTo(1);

    first.close();
    first.close();
    assertThat(registry.getSampleValue("jangada_forward_reads")).isEqualTo(1);
    two.consume(leader, Assign.getDefaultInstance(), 0);
  }

  private final class StuckChannel extends Channel {
    @Override
    @SuppressWarnings("unchecked") // The one method that is called has these types.
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
      return (ClientCall<Q, R>) call;
    }

    @Override
    public String authority() {
      return "stuck";
    }
  }

  /** Takes nothing until it is told to. */
  private static final class StuckCall extends ClientCall<Object, ProduceResponse> {
    private Listener<ProduceResponse> listener;
    private boolean ready;

    void becomeReady() {
      ready = true;
      listener.onReady();
    }

    @Override
    public void start(Listener<ProduceResponse> responses, Metadata headers) {
      listener = responses;
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void request(int messages) {}

    @Override
    public void cancel(String message, Throwable cause) {}

    @Override
    public void halfClose() {}

    @Override
    public void sendMessage(Object message) {}
  }
}
