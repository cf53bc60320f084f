// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.suite;

import io.jangada.kafkatests.conversation.TopicWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import kafka.server.ControllerServer;
import kafka.server.KafkaBroker;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.test.ClusterInstance;
import org.apache.kafka.common.test.api.ClusterConfig;
import org.apache.kafka.common.test.api.Type;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.jspecify.annotations.Nullable;

/**
 * The cluster that one of Kafka's tests runs against. What looks into a broker's objects is not
 * there: such a test is aborted, with {@link #INTERNALS} as its reason. For one test.
 */
public final class TestedCluster implements ClusterInstance {
  /** Why a test cannot be run against any cluster of another process. */
  static final String INTERNALS = "looks into the objects of a broker";

  private static ClusterHost.@Nullable Client host;

  private final ClusterConfig config;
  private final boolean combined;
  private final Set<Integer> down = new HashSet<>();
  private @Nullable Booted cluster;
  private boolean started;
  private boolean stopped;

  /** As a test's annotations ask for it. */
  public TestedCluster(ClusterConfig config, boolean combined) {
    this.config = config;
    this.combined = combined;
  }

  /** Where tests of this process get their clusters from. */
  static void bootWith(ClusterHost.Client client) {
    host = client;
  }

  private Booted cluster() {
    Booted booted = cluster;
    if (booted == null) {
      throw new IllegalStateException("the cluster was not started");
    }
    return booted;
  }

  @Override
  public Type type() {
    return combined ? Type.CO_KRAFT : Type.KRAFT;
  }

  @Override
  public ClusterConfig config() {
    return config;
  }

  @Override
  public void start() {
    if (started) {
      return;
    }
    if (config.brokerSecurityProtocol() != SecurityProtocol.PLAINTEXT) {
      throw new org.opentest4j.TestAbortedException("asks for " + config.brokerSecurityProtocol());
    }
    ClusterHost.Client client = host;
    if (client == null) {
      throw new IllegalStateException("no host of clusters: run it with " + Suite.class.getName());
    }
    try {
      cluster = client.boot(config.numBrokers(), config.serverProperties());
      started = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean started() {
    return started;
  }

  @Override
  public void stop() {
    if (started && !stopped) {
      stopped = true;
      try {
        cluster().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public boolean stopped() {
    return stopped;
  }

  @Override
  public void shutdownBroker(int brokerId) {
    try {
      cluster().stop(brokerId);
      down.add(brokerId);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void startBroker(int brokerId) {
    try {
      cluster().start(brokerId);
      down.remove(brokerId);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Set<Integer> brokerIds() {
    return Set.copyOf(cluster().ids());
  }

  private Set<Integer> up() {
    Set<Integer> ids = new HashSet<>(brokerIds());
    ids.removeAll(down);
    return ids;
  }

  @Override
  public String bootstrapServers() {
    return cluster().bootstrap();
  }

  @Override
  public List<Integer> brokerBoundPorts() {
    return cluster().brokers().stream().map(InetSocketAddress::getPort).toList();
  }

  @Override
  public ListenerName clientListener() {
    return config.brokerListenerName();
  }

  @Override
  public String clusterId() {
    try (Admin admin = admin()) {
      return admin.describeCluster().clusterId().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("cannot ask for the cluster's id", e);
    }
  }

  @Override
  public Admin admin(Map<String, Object> configs, boolean usingBootstrapControllers) {
    if (usingBootstrapControllers) {
      throw internals();
    }
    Map<String, Object> settings = new HashMap<>(configs);
    settings.putIfAbsent(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
    return Admin.create(settings);
  }

  @Override
  public Set<GroupProtocol> supportedGroupProtocols() {
    return Set.of(GroupProtocol.CLASSIC, GroupProtocol.CONSUMER);
  }

  @Override
  public void waitForReadyBrokers() {
    // They were ready before they were handed out.
    cluster();
  }

  @Override
  public void waitTopicCreation(String topic, int partitions) throws InterruptedException {
    try {
      TopicWatch.awaitLeaders(cluster(), up(), topic, partitions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void waitTopicDeletion(String topic) throws InterruptedException {
    try {
      TopicWatch.awaitGone(cluster(), up(), topic);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<FaultHandlerException> firstFatalException() {
    return Optional.empty();
  }

  @Override
  public Optional<FaultHandlerException> firstNonFatalException() {
    return Optional.empty();
  }

  @Override
  public Map<Integer, KafkaBroker> brokers() {
    throw internals();
  }

  @Override
  public Map<Integer, ControllerServer> controllers() {
    throw internals();
  }

  @Override
  public Set<Integer> controllerIds() {
    throw internals();
  }

  @Override
  public ListenerName controllerListenerName() {
    throw internals();
  }

  @Override
  public String bootstrapControllers() {
    throw internals();
  }

  private static RuntimeException internals() {
    return new org.opentest4j.TestAbortedException(INTERNALS);
  }
}
