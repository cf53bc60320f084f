// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.opentelemetry;

import io.jangada.client.ConsumerRecord;
import io.jangada.client.ProducerInterceptor;
import io.jangada.client.ProducerRecord;
import io.jangada.record.RecordHeader;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A span for each record that is sent, whose context travels in the record's headers, and spans for
 * those who process what was read. Names and attributes follow OpenTelemetry's conventions for
 * messaging. Thread-safe.
 *
 * <pre>{@code
 * JangadaTracing tracing = new JangadaTracing(GlobalOpenTelemetry.get());
 * ProducerConfig config = ProducerConfig.defaults().withInterceptors(tracing.producer());
 * …
 * Span span = tracing.process(record);
 * try (Scope scope = span.makeCurrent()) { … } finally { span.end(); }
 * }</pre>
 */
public final class JangadaTracing {
  private static final String SCOPE = "io.jangada.client";
  private static final String SYSTEM = "messaging.system";
  private static final String DESTINATION = "messaging.destination.name";
  private static final String PARTITION = "messaging.destination.partition.id";
  private static final String OFFSET = "jangada.offset";
  private static final String ERROR_TYPE = "error.type";
  private static final String JANGADA = "jangada";

  private final Tracer tracer;
  private final TextMapPropagator propagator;

  /** Tracing with what the application has set up. */
  public JangadaTracing(OpenTelemetry openTelemetry) {
    this.tracer = openTelemetry.getTracer(SCOPE);
    this.propagator = openTelemetry.getPropagators().getTextMapPropagator();
  }

  /**
   * Begins a span with each record and ends it with its answer. The parent is the context that is
   * current where {@code send} is called.
   */
  public ProducerInterceptor producer() {
    return record -> {
      Span span =
          tracer
              .spanBuilder("send " + record.topic())
              .setSpanKind(SpanKind.PRODUCER)
              .setAttribute(SYSTEM, JANGADA)
              .setAttribute("messaging.operation.type", "send")
              .setAttribute(DESTINATION, record.topic())
              .startSpan();
      return new ProducerInterceptor.Interception(
          inject(record, Context.current().with(span)),
          (metadata, error) -> {
            if (metadata != null) {
              span.setAttribute(PARTITION, Integer.toString(metadata.topicPartition().partition()));
              span.setAttribute(OFFSET, metadata.offset());
            }
            if (error != null) {
              span.setStatus(StatusCode.ERROR, String.valueOf(error.getMessage()));
              span.setAttribute(ERROR_TYPE, error.code().name());
              span.setAttribute("jangada.definite", error.definite());
            }
            span.end();
          });
    };
  }

  /** The context that a record was sent in; the current one where its headers tell none. */
  public Context contextOf(ConsumerRecord record) {
    return propagator.extract(Context.current(), record, HeaderGetter.INSTANCE);
  }

  /** A span for the processing of a record, a child of its sending; the caller ends it. */
  public Span process(ConsumerRecord record) {
    return tracer
        .spanBuilder("process " + record.topicPartition().topic())
        .setParent(contextOf(record))
        .setSpanKind(SpanKind.CONSUMER)
        .setAttribute(SYSTEM, JANGADA)
        .setAttribute("messaging.operation.type", "process")
        .setAttribute(DESTINATION, record.topicPartition().topic())
        .setAttribute(PARTITION, Integer.toString(record.topicPartition().partition()))
        .setAttribute(OFFSET, record.offset())
        .startSpan();
  }

  private ProducerRecord inject(ProducerRecord record, Context context) {
    List<RecordHeader> headers = new ArrayList<>(record.headers());
    propagator.inject(
        context,
        headers,
        (carrier, key, value) -> {
          if (carrier != null) {
            carrier.removeIf(header -> header.key().equals(key));
            carrier.add(RecordHeader.ofUtf8(key, value));
          }
        });
    return record.withHeaders(headers);
  }

  private enum HeaderGetter implements TextMapGetter<ConsumerRecord> {
    INSTANCE;

    @Override
    public Iterable<String> keys(ConsumerRecord record) {
      return record.headers().stream().map(RecordHeader::key).toList();
    }

    @Override
    public @Nullable String get(@Nullable ConsumerRecord record, String key) {
      if (record == null) {
        return null;
      }
      String found = null;
      for (RecordHeader header : record.headers()) {
        ByteBuffer value = header.value();
        if (header.key().equals(key) && value != null) {
          found = StandardCharsets.UTF_8.decode(value.duplicate()).toString();
        }
      }
      return found;
    }
  }
}
