// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.JangadaClient;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.client.fake.FakeCluster;
import io.jangada.common.TopicPartition;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OpenTelemetryTest {
  private final FakeCluster cluster = new FakeCluster(1);
  private final Spans spans = new Spans();
  private final Metrics metrics = new Metrics();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(SdkTracerProvider.builder().addSpanProcessor(spans).build())
          .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(metrics).build())
          .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
          .build();
  private final JangadaTracing tracing = new JangadaTracing(sdk);
  private final JangadaClient client = JangadaClient.connect(cluster.config());

  @AfterEach
  void close() {
    client.close();
    cluster.close();
    sdk.close();
  }

  @Test
  void aTraceGoesFromTheSenderToTheProcessing() {
    cluster.createTopic("t", 1);
    Span request = sdk.getTracer("test").spanBuilder("request").startSpan();
    try (Producer producer =
            client.producer(ProducerConfig.defaults().withInterceptors(tracing.producer()));
        Scope scope = request.makeCurrent()) {
      assertThat(scope).isNotNull();
      producer.send(ProducerRecord.of("t", 0, null, "v".getBytes(StandardCharsets.UTF_8))).join();
      assertThat(catchThrowable(() -> producer.send(ProducerRecord.of("t", 7, null, null)).join()))
          .isNotNull();
    }
    request.end();
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(List.of(new TopicPartition("t", 0)));
      ConsumerRecord record = consumer.iterator().next();
      tracing.process(record).end();
      assertThat(Span.fromContext(tracing.contextOf(record)).getSpanContext().getTraceId())
          .isEqualTo(request.getSpanContext().getTraceId());
    }
    SpanData sent = spans.ended.get(0);
    assertThat(sent.getName()).isEqualTo("send t");
    assertThat(sent.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
    assertThat(sent.getAttributes().get(AttributeKey.longKey("jangada.offset"))).isZero();
    SpanData refused = spans.ended.get(1);
    assertThat(refused.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(refused.getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("UNKNOWN_PARTITION");
    SpanData processed = spans.ended.get(3);
    assertThat(processed.getName()).isEqualTo("process t");
    assertThat(processed.getTraceId()).isEqualTo(request.getSpanContext().getTraceId());
    assertThat(processed.getParentSpanId()).isEqualTo(sent.getSpanId());
  }

  @Test
  void theClientsMetersAreInstruments() {
    cluster.createTopic("t", 1);
    try (JangadaMeters meters = new JangadaMeters(sdk, client);
        Producer producer = client.producer(ProducerConfig.defaults())) {
      assertThat(meters).isNotNull();
      producer.send(ProducerRecord.of("t", 0, null, null)).join();
      MetricData acknowledged =
          metrics.collect().stream()
              .filter(metric -> metric.getName().equals("jangada.producer.records.acknowledged"))
              .findFirst()
              .orElseThrow();
      assertThat(acknowledged.getDoubleSumData().getPoints().iterator().next().getValue())
          .isEqualTo(1);
      assertThat(acknowledged.getUnit()).isEqualTo("{records}");
    }
    assertThat(metrics.collect()).isEmpty();
  }

  private static final class Spans implements SpanProcessor {
    final List<SpanData> ended = new CopyOnWriteArrayList<>();

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      ended.add(span.toSpanData());
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }
  }

  private static final class Metrics implements MetricReader {
    private CollectionRegistration registration = CollectionRegistration.noop();

    List<MetricData> collect() {
      return List.copyOf(registration.collectAllMetrics());
    }

    @Override
    public void register(CollectionRegistration given) {
      registration = given;
    }

    @Override
    public CompletableResultCode forceFlush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
      return AggregationTemporality.CUMULATIVE;
    }
  }
}
