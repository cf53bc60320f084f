// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal;

import io.jangada.client.Admin;
import io.jangada.client.ClientConfig;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;

/** Holds what producers, consumers and the admin interface share. */
public final class DefaultClient implements JangadaClient {
  private final ClientConfig config;

  /** A client that has not connected to anything yet. */
  public DefaultClient(ClientConfig config) {
    this.config = config;
  }

  @Override
  public Producer producer(ProducerConfig producerConfig) {
    throw new UnsupportedOperationException(config.toString());
  }

  @Override
  public Consumer consumer(ConsumerConfig consumerConfig) {
    throw new UnsupportedOperationException(config.toString());
  }

  @Override
  public Admin admin() {
    throw new UnsupportedOperationException(config.toString());
  }

  @Override
  public void close() {}
}
