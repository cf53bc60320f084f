// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal;

import io.jangada.client.Admin;
import io.jangada.client.ClientConfig;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.Meter;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.internal.admin.DefaultAdmin;
import io.jangada.client.internal.consumer.DefaultConsumer;
import io.jangada.client.internal.meters.ClientMeters;
import io.jangada.client.internal.net.Connections;
import io.jangada.client.internal.producer.DefaultProducer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Holds what producers, consumers and the admin interface share, and closes it in reverse. */
public final class DefaultClient implements JangadaClient {
  private final Shared shared;
  private final Admin admin;
  private final Deque<Runnable> open = new ArrayDeque<>();

  /** A client that has not connected to anything yet. */
  public DefaultClient(ClientConfig config) {
    this(config, new ClientMeters());
  }

  private DefaultClient(ClientConfig config, ClientMeters meters) {
    this(config, new Connections(config, meters.connectionsFailed), meters);
  }

  /** A client over connections that are made otherwise; they are closed with it. */
  public DefaultClient(ClientConfig config, Connections connections, ClientMeters meters) {
    this.shared = Shared.over(config, connections, meters);
    this.admin = new DefaultAdmin(shared);
  }

  @Override
  public Producer producer(ProducerConfig config) {
    Closing closing = new Closing();
    DefaultProducer producer = new DefaultProducer(config, shared, closing);
    closing.opened(producer::close);
    return producer;
  }

  @Override
  public Consumer consumer(ConsumerConfig config) {
    Closing closing = new Closing();
    DefaultConsumer consumer = new DefaultConsumer(config, shared, closing);
    closing.opened(consumer::close);
    return consumer;
  }

  @Override
  public List<Meter> meters() {
    return shared.meters().meters();
  }

  @Override
  public Admin admin() {
    return admin;
  }

  @Override
  public void close() {
    for (Runnable next = pollOpen(); next != null; next = pollOpen()) {
      next.run();
    }
    shared.updater().close();
    shared.connections().close();
  }

  private @org.jspecify.annotations.Nullable Runnable pollOpen() {
    synchronized (open) {
      return open.pollLast();
    }
  }

  /** Takes something off the list when it is closed by its owner. */
  private final class Closing implements Runnable {
    private Runnable close = () -> {};

    void opened(Runnable closeIt) {
      close = closeIt;
      synchronized (open) {
        open.addLast(closeIt);
      }
    }

    @Override
    public void run() {
      synchronized (open) {
        open.remove(close);
      }
    }
  }
}
