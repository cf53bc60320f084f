// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.frontdoor.FrontDoor;
import io.jangada.broker.frontdoor.FrontDoorContext;
import io.jangada.broker.startup.Ports;
import io.jangada.kafka.admin.AdminApis;
import io.jangada.kafka.api.ApiTable;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.Network;
import io.jangada.kafka.data.DataApis;
import io.jangada.kafka.groups.GroupApis;
import io.jangada.kafka.network.ConnectionLimits;
import io.jangada.kafka.network.Listener;
import io.jangada.kafka.network.ListenerConfig;
import io.jangada.kafka.network.ListenerMetrics;
import io.jangada.kafka.network.MemoryBudget;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listener for Kafka clients of one broker. */
final class KafkaFrontDoor implements FrontDoor {
  private static final Logger log = LoggerFactory.getLogger(KafkaFrontDoor.class);
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration PRESSED_TIMEOUT = Duration.ofSeconds(2);
  private static final int MAX_UNANSWERED = 1_000;

  /** One connection takes no more than this part of what all may have in flight. */
  private static final int SHARE_OF_ONE = 4;

  private final BrokerConfig.Kafka config;
  private final String bindHost;
  private final Listener listener;

  KafkaFrontDoor(BrokerConfig.Kafka config, FrontDoorContext context) {
    this.config = config;
    this.bindHost = context.config().listeners().bindHost();
    Ports.requireFree(bindHost, config.port(), "kafka.port");
    config
        .external()
        .ifPresent(each -> Ports.requireFree(bindHost, each.port(), "kafka.external-port"));
    BrokerConfig.KafkaBounds bounds = config.bounds();
    MemoryBudget requests = new MemoryBudget(bounds.requestsInFlight().bytes());
    MemoryBudget responses = new MemoryBudget(bounds.responsesInFlight().bytes());
    List<KafkaApi<?>> apis = new ArrayList<>(AdminApis.of(context));
    apis.addAll(GroupApis.of(context));
    apis.addAll(DataApis.of(context, config, responses, apis));
    this.listener =
        new Listener(
            new ListenerConfig(
                bounds.networkThreads(),
                bounds.maxConnections(),
                new ConnectionLimits(
                    bounds.maxRequestSize().toIntBytes(),
                    bounds.requestsInFlight().bytes() / SHARE_OF_ONE,
                    MAX_UNANSWERED,
                    bounds.idleTimeout(),
                    STALL_TIMEOUT,
                    PRESSED_TIMEOUT)),
            new ApiTable(apis),
            requests,
            responses,
            new ListenerMetrics(context.metrics(), requests, responses));
  }

  @Override
  public void serve() {
    listener.open(new InetSocketAddress(bindHost, config.port()), Network.MAIN);
    log.info(
        "Kafka clients are served on {}:{}, advertised as {}",
        bindHost,
        config.port(),
        config.advertisedAddress());
    config
        .external()
        .ifPresent(
            external -> {
              listener.open(new InetSocketAddress(bindHost, external.port()), Network.EXTERNAL);
              log.info(
                  "Kafka clients of another network are served on {}:{}, advertised as {}",
                  bindHost,
                  external.port(),
                  external.advertisedAddress());
            });
  }

  @Override
  public void leave() {
    listener.leave();
  }

  @Override
  public void close() {
    listener.close();
  }
}
