// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.jangada.api.v1.DescribeQuorumResponse;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.AlterQuorumRequest;
import io.jangada.internal.v1.AlterQuorumResponse;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.membership.MemberBook;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.metadata.replica.LocalMetadata;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's way to the metadata: its own copy of it, kept up to date, and the controller, wherever
 * it is. The same for a broker outside the quorum and for one in the same process.
 *
 * <p>Thread-safe. Order of use: {@link #open}, {@link #addListener}, {@link #start}, then {@link
 * #register} in a broker.
 */
public final class MetadataClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetadataClient.class);

  /** A broker is of no use before it has seen its own registration. */
  private static final long HURRY_MS = 50;

  /** How often the members are looked for. */
  private static final long LOOK_MS = 5_000;

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private final MetadataClientConfig config;
  private final LocalMetadata local;
  private final QuorumChannels channels;
  private final ScheduledExecutorService applyThread;
  private final ScheduledExecutorService sessionThread;
  private final Submitter submitter;
  private final SubscriptionLoop subscription;
  private final BrokerRegistrar registrar;
  private final List<MetadataListener> listeners = new CopyOnWriteArrayList<>();
  private final Waiters waiters = new Waiters();
  private final Gauge indexGauge;
  private final Gauge waitingGauge;
  private final CollectorRegistry registry;

  private MetadataClient(
      MetadataClientConfig config, LocalMetadata local, CollectorRegistry registry) {
    this.config = config;
    this.local = local;
    this.registry = registry;
    this.channels =
        new QuorumChannels(
            MemberBook.open(
                config.directory().resolve("quorum-members.properties"), config.members()),
            config.nodeId());
    this.applyThread = thread("jangada-metadata-apply-" + config.nodeId());
    this.sessionThread = thread("jangada-metadata-session-" + config.nodeId());
    this.submitter = new Submitter(config.clusterId(), channels, sessionThread);
    this.subscription =
        new SubscriptionLoop(config, channels, local, applyThread, new AppliedEvents());
    this.registrar =
        new BrokerRegistrar(config, channels, sessionThread, submitter, waiters::reached);
    this.indexGauge =
        Gauge.build("jangada_metadata_index", "Up to where this node has applied the metadata.")
            .register(registry);
    this.waitingGauge =
        Gauge.build(
                "jangada_metadata_copy_waits_for_room",
                "1 while this node's copy of the metadata stands still for want of room on its"
                    + " disk.")
            .create()
            .setChild(
                new Gauge.Child() {
                  @Override
                  public double get() {
                    return local.waitingForRoom() ? 1 : 0;
                  }
                });
    registry.register(waitingGauge);
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }

  /** Opens this node's copy of the metadata; nothing runs yet. */
  public static MetadataClient open(MetadataClientConfig config, CollectorRegistry registry) {
    LocalMetadata local =
        LocalMetadata.open(config.directory().resolve("replica.mdb"), config.store());
    return new MetadataClient(config, local, registry);
  }

  /** The newest metadata here. */
  public MetadataImage image() {
    return local.image();
  }

  /** To be told of every change; to be added before {@link #start}. */
  public void addListener(MetadataListener listener) {
    listeners.add(listener);
  }

  /**
   * Begins to follow the metadata. If there is a copy from an earlier run, the listeners are first
   * given that, as a delta from nothing: it may be old, so act upon it only once {@link #reached}
   * this process's broker epoch.
   */
  public void start() {
    applyThread.execute(
        () -> {
          MetadataImage image = local.image();
          if (image.index() > 0) {
            deliver(new MetadataDelta(MetadataImage.EMPTY, image, image.toRecords()));
            moved(local.changeIndex());
          }
          subscription.start();
        });
    var unused =
        sessionThread.scheduleWithFixedDelay(
            this::lookForMembers, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  /** Members come and go; whoever is not told finds nobody in the end. */
  private void lookForMembers() {
    var unused =
        describeQuorum()
            .exceptionally(
                error -> {
                  LOG.debug("node {}: no member of the quorum answers", config.nodeId(), error);
                  return DescribeQuorumResponse.getDefaultInstance();
                });
  }

  /** What the leader says; members of an older version do not say where they are. */
  private void learn(DescribeQuorumResponse quorum) {
    List<QuorumMember> voters =
        quorum.getMembersList().stream()
            .map(
                member ->
                    new QuorumMember(
                        member.getNodeId(), member.getAddress(), member.getGrpcAddress()))
            .toList();
    if (voters.stream().noneMatch(voter -> voter.grpcAddress().isEmpty())
        && channels.learn(voters)) {
      try {
        applyThread.execute(subscription::membersChanged);
      } catch (RejectedExecutionException e) {
        LOG.debug("closing", e);
      }
    }
  }

  /**
   * Registers this process as a broker and keeps its session. Tries until it succeeds, is refused
   * for good or the client is closed.
   *
   * @return the first broker epoch; fails as {@link RegistrationListener#superseded}
   */
  public CompletableFuture<Long> register(BrokerIdentity identity, RegistrationListener listener) {
    CompletableFuture<Long> registered = registrar.register(identity, listener);
    var unused = registered.thenAccept(this::hurryLater);
    return registered;
  }

  private void hurryLater(long epoch) {
    try {
      var unused =
          applyThread.schedule(() -> subscription.hurry(epoch), HURRY_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closing", e);
    }
  }

  /** The epoch of this process's registration; -1 before. */
  public long brokerEpoch() {
    return registrar.brokerEpoch();
  }

  /** Whether the controller last said that this broker is fenced; true before it said anything. */
  public boolean fenced() {
    return registrar.fenced();
  }

  /**
   * When the last heartbeat that was answered was sent, by System.nanoTime; Long.MIN_VALUE before.
   * Leases count from there (REPLICATION, rule 10).
   */
  public long lastContactNanos() {
    return registrar.lastContactNanos();
  }

  /** Asks the controller, for at most 10 s; see the general form. */
  public CompletableFuture<ControllerAnswer> submit(ControllerRequest request) {
    return submit(request, DEFAULT_TIMEOUT);
  }

  /**
   * Asks the controller and retries until it has answered or the time is up. Completes on the
   * session's thread: do not block in a continuation. Fails with a JangadaException,
   * QUORUM_UNAVAILABLE where no leader answered in time. A refusal is an answer, not a failure.
   */
  public CompletableFuture<ControllerAnswer> submit(ControllerRequest request, Duration timeout) {
    return submitter.submit(request, timeout);
  }

  /** Completes once this node has applied everything up to an index, on the apply thread. */
  public CompletableFuture<Void> reached(long index) {
    return waiters.await(index);
  }

  /** Up to where this node has applied the metadata. */
  public long appliedIndex() {
    return waiters.reached();
  }

  /** The quorum as its leader sees it, or as any member does where none can be reached. */
  public CompletableFuture<DescribeQuorumResponse> describeQuorum() {
    return new QuorumDescriber(config, channels, sessionThread, this::learn).describe();
  }

  /**
   * Asks the quorum's leader to change the quorum itself. Fails with a JangadaException where it is
   * refused, or where there is no leader.
   *
   * @param change without the cluster's id
   */
  public CompletableFuture<AlterQuorumResponse> alterQuorum(AlterQuorumRequest change) {
    return new QuorumAlterer(
            channels,
            sessionThread,
            () -> describeQuorum().thenApply(DescribeQuorumResponse::getLeaderId),
            change.toBuilder().setClusterId(config.clusterId().toString()).build())
        .alter()
        .thenCompose(altered -> describeQuorum().handle((described, error) -> altered));
  }

  /**
   * Asks the controller to move away what this broker leads, until nothing is left or the time is
   * up. The session goes on.
   *
   * @return the number of partitions it still leads
   */
  public CompletableFuture<Integer> controlledShutdown(Duration timeout) {
    return registrar.controlledShutdown(timeout);
  }

  private void deliver(MetadataDelta delta) {
    for (MetadataListener listener : listeners) {
      try {
        listener.onMetadata(delta, delta.after());
      } catch (RuntimeException e) {
        LOG.error("node {}: a listener failed at {}", config.nodeId(), delta.after(), e);
      }
    }
  }

  private void moved(long index) {
    waiters.reach(index);
    indexGauge.set((double) index);
    for (MetadataListener listener : listeners) {
      try {
        listener.onAdvanced(index);
      } catch (RuntimeException e) {
        LOG.error("node {}: a listener failed at index {}", config.nodeId(), index, e);
      }
    }
  }

  private final class AppliedEvents implements SubscriptionLoop.Events {
    @Override
    public void moved(MetadataDelta delta) {
      deliver(delta);
    }

    @Override
    public void reached(long index) {
      MetadataClient.this.moved(index);
    }
  }

  @Override
  public void close() {
    registrar.close();
    local.endWaiting();
    try {
      applyThread.execute(subscription::stop);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed before", e);
    }
    end(sessionThread);
    end(applyThread);
    waiters.close();
    channels.close();
    local.close();
    registry.unregister(indexGauge);
    registry.unregister(waitingGauge);
  }

  private static void end(ScheduledExecutorService thread) {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("a metadata thread did not end within 5 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Rethrown by callers that wait: the typed cause of a failed future. */
  static JangadaException typed(Throwable error) {
    return QuorumService.typed(error);
  }
}
