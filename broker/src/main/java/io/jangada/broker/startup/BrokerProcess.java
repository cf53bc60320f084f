// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.http.HttpEndpoint;
import io.jangada.broker.http.Readiness;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node from its configuration to its end. {@link #run} is the whole life; only {@link
 * #requestStop} may be called from another thread.
 *
 * <p>Every step before the services is here, in order; nothing that writes comes before the lock,
 * and nothing that the quorum could hear of before the mark that a run has begun.
 */
public final class BrokerProcess {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerProcess.class);

  private final BrokerConfig config;
  private final NodeServices services;
  private final CollectorRegistry metrics = new CollectorRegistry();
  private final Readiness readiness = new Readiness();
  private final FatalErrors fatalErrors;
  private final StartupSteps steps = new StartupSteps();
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private volatile Optional<String> notServing = Optional.of("still starting");

  /**
   * A process that has not begun.
   *
   * @param services the steps behind the shell's own
   * @param halt ends the JVM at once with an exit code: {@code Runtime.getRuntime()::halt}
   */
  public BrokerProcess(BrokerConfig config, NodeServices services, IntConsumer halt) {
    this.config = config;
    this.services = services;
    this.fatalErrors = new FatalErrors(metrics, halt);
  }

  /**
   * Starts, serves until {@link #requestStop}, closes.
   *
   * @return whether everything was closed without a failure
   * @throws JangadaException if the start-up failed; what had been opened is closed again
   */
  public boolean run() throws Exception {
    long startedNs = System.nanoTime();
    try (steps) {
      try {
        start(startedNs);
        stopRequested.await();
        LOG.info("Shutting down");
      } catch (JangadaException e) {
        if (e.code() != ErrorCode.SHUTTING_DOWN || stopRequested.getCount() > 0) {
          throw e;
        }
        LOG.info("Stopped while starting");
      }
    }
    return steps.failedToClose().isEmpty();
  }

  /** Makes {@link #run} close and return. Any thread, any number of times. */
  public void requestStop() {
    steps.requestStop();
    stopRequested.countDown();
  }

  private void start(long startedNs) throws Exception {
    fatalErrors.install();
    OptimizingCompiler.yieldToOthers();
    readiness.add("startup", () -> notServing);
    Path directory = config.storage().directory();

    MetaProperties meta =
        steps.run(
            "data directory",
            () -> DataDirectory.verified(directory, config.node().clusterId(), config.node().id()));
    steps.open("directory lock", () -> DirectoryLock.acquire(directory));
    steps.run("free ports", this::requireFreePorts);
    NodeIdentity identity = identity(meta);
    RunMark runMark =
        steps.run(
            "run mark", () -> RunMark.begin(directory, identity.incarnation(), identity.bootId()));
    steps.onClose("run mark", () -> endRun(runMark));
    steps.run("metrics", this::registerMetrics);
    HttpEndpoint http = steps.open("HTTP endpoint", this::startHttp);
    services.start(
        steps, new NodeContext(config, identity, runMark, metrics, readiness, fatalErrors));

    // Ratis puts in a handler of its own when it starts.
    fatalErrors.install();
    notServing = Optional.empty();
    // Opened last, so closed first: nobody is sent here while the services close.
    steps.onClose("readiness", () -> notServing = Optional.of("shutting down"));
    Banner.log(config, identity, http.port(), startedNs);
  }

  private static NodeIdentity identity(MetaProperties meta) {
    return new NodeIdentity(
        meta.clusterId(),
        meta.nodeId(),
        meta.directoryId(),
        UUID.randomUUID(),
        BootId.read(),
        meta.joinsQuorum());
  }

  private boolean requireFreePorts() {
    Ports.requireFree(config);
    return true;
  }

  private boolean registerMetrics() {
    DefaultExports.register(metrics);
    return true;
  }

  private HttpEndpoint startHttp() throws Exception {
    BrokerConfig.Listeners listeners = config.listeners();
    try {
      return HttpEndpoint.start(
          new InetSocketAddress(listeners.bindHost(), listeners.httpPort()), readiness, metrics);
    } catch (BindException e) {
      throw Ports.refused(listeners.bindHost(), listeners.httpPort(), "listeners.http-port", e);
    }
  }

  private void endRun(RunMark runMark) {
    if (steps.failedToClose().isEmpty()) {
      runMark.endCleanly();
    } else {
      LOG.warn("No clean-shutdown mark, because these did not close: {}", steps.failedToClose());
    }
  }
}
