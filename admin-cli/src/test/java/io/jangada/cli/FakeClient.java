// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.client.Admin;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.Meter;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import java.util.List;

/** A client of a cluster in memory: what is produced here is consumed here. */
public final class FakeClient implements JangadaClient {
  private final FakeLog log;

  /** A client of that log. */
  public FakeClient(FakeLog log) {
    this.log = log;
  }

  @Override
  public Producer producer(ProducerConfig config) {
    return new FakeProducer(log);
  }

  @Override
  public Consumer consumer(ConsumerConfig config) {
    return new FakeConsumer(log);
  }

  @Override
  public List<Meter> meters() {
    return List.of();
  }

  @Override
  public Admin admin() {
    return new FakeAdmin();
  }

  @Override
  public void close() {}
}
