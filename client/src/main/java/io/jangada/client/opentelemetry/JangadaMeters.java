// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.opentelemetry;

import io.jangada.client.JangadaClient;
import io.jangada.client.Meter;
import io.opentelemetry.api.OpenTelemetry;
import java.util.ArrayList;
import java.util.List;

/** A client's meters as asynchronous instruments of OpenTelemetry, until it is closed. */
public final class JangadaMeters implements AutoCloseable {
  private final List<Runnable> instruments = new ArrayList<>();

  /** Registers the meters. */
  public JangadaMeters(OpenTelemetry openTelemetry, JangadaClient client) {
    io.opentelemetry.api.metrics.Meter registry = openTelemetry.getMeter("io.jangada.client");
    for (Meter meter : client.meters()) {
      instruments.add(
          switch (meter.kind()) {
            case COUNTER ->
                registry
                        .counterBuilder(meter.name())
                        .ofDoubles()
                        .setDescription(meter.help())
                        .setUnit(unit(meter))
                        .buildWithCallback(measurement -> measurement.record(meter.value()))
                    ::close;
            case GAUGE ->
                registry
                        .gaugeBuilder(meter.name())
                        .setDescription(meter.help())
                        .setUnit(unit(meter))
                        .buildWithCallback(measurement -> measurement.record(meter.value()))
                    ::close;
          });
    }
  }

  /** Units as UCUM has them. */
  private static String unit(Meter meter) {
    return switch (meter.unit()) {
      case "bytes" -> "By";
      case "seconds" -> "s";
      default -> "{" + meter.unit() + "}";
    };
  }

  /** Takes the instruments back. */
  @Override
  public void close() {
    instruments.forEach(Runnable::run);
  }
}
