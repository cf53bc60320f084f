// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.MetadataCodec;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.controller.Controller;
import io.jangada.metadata.controller.Decision;
import io.jangada.metadata.controller.GrowthRule;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.liveness.BrokerHeartbeat;
import io.jangada.metadata.liveness.LivenessSettings;
import io.jangada.metadata.liveness.Prober;
import io.jangada.metadata.liveness.SlowDisks;
import io.jangada.metadata.machine.Applied;
import io.jangada.metadata.ratis.MetadataLog;
import io.jangada.metadata.rpc.ControllerEndpoint;
import io.prometheus.client.CollectorRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller's thread on one member.
 *
 * <pre>
 *   IDLE --onLeader--> CLAIMING --claim applied--> ACTIVE --onFollower--> IDLE
 * </pre>
 *
 * <p>While active it decides each request on the newest image, proposes, and answers from what
 * apply did; what apply rejects because the image had moved on is decided again. After every claim
 * and whatever changes a broker's status it sweeps, until nothing is led by who may not lead.
 */
final class ControllerRunner implements ControllerEndpoint, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerRunner.class);
  private static final int MAX_WAITING = 10_000;
  private static final int MAX_ATTEMPTS = 20;
  private static final Duration CLAIM_RETRY = Duration.ofMillis(10);
  private static final Duration TICK = Duration.ofMillis(20);

  /**
   * Who this controller is.
   *
   * @param clusterId the cluster's id, given to a cluster that has none
   * @param nodeId this node
   * @param voters the disks of the members that are known to vote, by node id
   */
  record Identity(UUID clusterId, int nodeId, Supplier<Map<Integer, UUID>> voters) {}

  private final Identity identity;
  private final Supplier<MetadataImage> image;
  private final SessionKeeper sessions;
  private final ScheduledExecutorService thread;
  private final AtomicInteger waiting = new AtomicInteger();
  private final SecureRandom seeds = new SecureRandom();

  private volatile @Nullable MetadataLog<Applied> log;
  private volatile boolean active;

  /** The term this node leads in, or -1; only the controller's thread knows. */
  private long term = -1;

  private final PromiseReports reports;
  private final RoomKeeper room;
  private boolean sweeping;

  ControllerRunner(
      Identity identity,
      Supplier<MetadataImage> image,
      LivenessSettings liveness,
      Prober prober,
      RoomKeeper room,
      CollectorRegistry registry) {
    this.room = room;
    this.reports = new PromiseReports(registry);
    this.identity = identity;
    this.image = image;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("jangada-controller-" + identity.nodeId()).factory());
    this.sessions =
        new SessionKeeper(liveness, prober, image, this::execute, this::decideForUs, this::relieve);
  }

  /** Begins to work once the log runs. */
  void start(MetadataLog<Applied> running) {
    log = running;
    var unused =
        thread.scheduleWithFixedDelay(
            this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** This node leads the log in that term. */
  void onLeader(long newTerm) {
    execute(
        () -> {
          term = newTerm;
          claim(newTerm);
        });
  }

  /** This node does not lead the log. */
  void onFollower() {
    execute(
        () -> {
          if (term >= 0) {
            LOG.info("node {} is no longer the controller", identity.nodeId());
          }
          term = -1;
          active = false;
          sweeping = false;
          sessions.deactivate(notController());
        });
  }

  /** Whether this node is the controller. */
  boolean active() {
    return active;
  }

  private void claim(long claimedTerm) {
    if (term != claimedTerm || active) {
      return;
    }
    ControllerRequest request = new ControllerRequest.ClaimController(identity.nodeId());
    decide(
        request,
        1,
        (answer, error) -> {
          if (term != claimedTerm) {
            return;
          }
          if (answer instanceof ControllerAnswer.Claimed) {
            claimed(claimedTerm);
          } else {
            LOG.debug("node {} claims again: {}", identity.nodeId(), answer, error);
            later(CLAIM_RETRY, () -> claim(claimedTerm));
          }
        });
  }

  /** A cluster without an id is given one before anybody is served. */
  private void claimed(long claimedTerm) {
    if (image.get().cluster().clusterId() != null) {
      activate();
      return;
    }
    decide(
        new ControllerRequest.FormatCluster(identity.clusterId(), UUID.randomUUID()),
        1,
        (answer, error) -> {
          if (term != claimedTerm) {
            return;
          }
          if (answer instanceof ControllerAnswer.Done) {
            activate();
          } else {
            LOG.warn(
                "the cluster could not be formatted yet: {}",
                error == null ? answer : error.getMessage());
            later(CLAIM_RETRY, () -> claim(claimedTerm));
          }
        });
  }

  private void activate() {
    LOG.info(
        "node {} is the controller, epoch {}", identity.nodeId(), image.get().controllerEpoch());
    active = true;
    sessions.activate(System.nanoTime());
    registerVoters();
    sweep();
  }

  /** A member has begun to vote: the metadata shall know its disk. */
  void votersChanged() {
    execute(this::registerVoters);
  }

  private void registerVoters() {
    if (!active) {
      return;
    }
    Map<Integer, UUID> registered = image.get().quorumMembers();
    identity
        .voters()
        .get()
        .forEach(
            (nodeId, directoryId) -> {
              if (!directoryId.equals(registered.get(nodeId))) {
                decideForUs(
                    new ControllerRequest.RegisterQuorumMember(nodeId, directoryId),
                    (answer, error) -> LOG.debug("voter {}: {}", nodeId, answer, error));
              }
            });
  }

  @Override
  public CompletableFuture<ControllerAnswer> submit(ControllerRequest request) {
    if (!active) {
      return CompletableFuture.failedFuture(notController());
    }
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return CompletableFuture.failedFuture(
          new JangadaException(
              ErrorCode.OVERLOADED,
              "expected fewer than " + MAX_WAITING + " requests waiting for the controller",
              "send again a little later"));
    }
    CompletableFuture<ControllerAnswer> promise = new CompletableFuture<>();
    var unused = promise.whenComplete((answer, error) -> waiting.decrementAndGet());
    CompletableFuture<Void> looked =
        room.room().scarce() && GrowthRule.grows(request)
            ? room.lookAgain()
            : CompletableFuture.completedFuture(null);
    var unusedQueued = looked.thenRun(() -> queue(request, promise));
    return promise;
  }

  private void queue(ControllerRequest request, CompletableFuture<ControllerAnswer> promise) {
    boolean queued =
        execute(
            () -> {
              if (active) {
                decideForUs(request, (answer, error) -> complete(promise, answer, error));
              } else {
                promise.completeExceptionally(notController());
              }
            });
    if (!queued) {
      promise.completeExceptionally(notController());
    }
  }

  private static void complete(
      CompletableFuture<ControllerAnswer> promise,
      @Nullable ControllerAnswer answer,
      @Nullable Throwable error) {
    if (answer != null) {
      promise.complete(answer);
    } else {
      promise.completeExceptionally(
          error != null ? error : new IllegalStateException("neither answer nor error"));
    }
  }

  /** On the controller's thread; the consumer is called on it too. */
  private void decideForUs(
      ControllerRequest request, BiConsumer<@Nullable ControllerAnswer, @Nullable Throwable> then) {
    decide(
        request,
        1,
        (answer, error) -> {
          then.accept(answer, error);
          if (request instanceof ControllerRequest.RegisterBroker register
              && answer instanceof ControllerAnswer.Registered) {
            reports.registered(register, image.get());
          }
          if (active && leavesPartitionsBehind(request)) {
            sessions.update(System.nanoTime());
            sweep();
          }
        });
  }

  private static boolean leavesPartitionsBehind(ControllerRequest request) {
    return switch (request) {
      case ControllerRequest.RegisterBroker ignored -> true;
      case ControllerRequest.UnfenceBroker ignored -> true;
      case ControllerRequest.FenceBroker ignored -> true;
      case ControllerRequest.ControlledShutdown ignored -> true;
      case ControllerRequest.ClaimController ignored -> false;
      case ControllerRequest.FormatCluster ignored -> false;
      case ControllerRequest.RegisterQuorumMember ignored -> false;
      case ControllerRequest.RemoveBroker ignored -> false;
      case ControllerRequest.CreateTopics ignored -> false;
      case ControllerRequest.DeleteTopics ignored -> false;
      case ControllerRequest.AddPartitions ignored -> true;
      case ControllerRequest.AlterTopicConfigs ignored -> true;
      case ControllerRequest.AlterSettings ignored -> true;
      case ControllerRequest.AlterIsr ignored -> false;
      case ControllerRequest.RelinquishReplicas ignored -> true;
      case ControllerRequest.Resign ignored -> false;
      case ControllerRequest.ElectFromLastKnown ignored -> false;
      case ControllerRequest.ElectPreferred ignored -> false;
      case ControllerRequest.SetFeatureLevel ignored -> false;
      case ControllerRequest.AllocateProducerIds ignored -> false;
    };
  }

  private void decide(
      ControllerRequest request,
      int attempt,
      BiConsumer<@Nullable ControllerAnswer, @Nullable Throwable> then) {
    Decision decision;
    try {
      decision = Controller.decide(image.get(), room.room(), request, seeds.nextLong());
    } catch (RuntimeException e) {
      LOG.error("the controller could not decide {}", request, e);
      then.accept(null, e);
      return;
    }
    switch (decision) {
      case Decision.Answer(ControllerAnswer answer) -> {
        if (answer instanceof ControllerAnswer.Failed failed
            && failed.refusal().code() == ErrorCode.DISK_FULL) {
          room.refused();
        }
        then.accept(answer, null);
      }
      case Decision.Propose(ConditionalBatch batch, Decision.Conclusion conclusion) ->
          propose(
              batch,
              (applied, error) -> {
                if (applied == null) {
                  then.accept(null, error);
                  return;
                }
                ControllerAnswer answer = conclusion.conclude(applied);
                if (raced(answer) && attempt < MAX_ATTEMPTS) {
                  decide(request, attempt + 1, then);
                } else {
                  then.accept(answer, null);
                }
              });
    }
  }

  private static boolean raced(ControllerAnswer answer) {
    return switch (answer) {
      case ControllerAnswer.Failed failed -> raced(failed.refusal());
      // What was altered already is altered to the same once more.
      case ControllerAnswer.TopicConfigsAltered altered ->
          altered.results().stream().anyMatch(result -> raced(result.refusal()));
      // Where nothing at all was written, it is as if nothing had been decided yet.
      case ControllerAnswer.PartitionsAdded added ->
          added.results().stream().allMatch(result -> raced(result.refusal()));
      case ControllerAnswer.PreferredElected elected ->
          elected.results().stream().allMatch(result -> raced(result.refusal()));
      default -> false;
    };
  }

  private static boolean raced(@Nullable Refusal refusal) {
    return refusal != null && refusal.code() == ErrorCode.INVALID_UPDATE_VERSION;
  }

  /** The consumer is called on the controller's thread. */
  private void propose(
      ConditionalBatch batch, BiConsumer<@Nullable Applied, @Nullable Throwable> then) {
    MetadataLog<Applied> running = log;
    if (running == null) {
      then.accept(null, notController());
      return;
    }
    var unused =
        running
            .propose(MetadataCodec.encodeBatch(batch))
            .whenComplete(
                (applied, error) -> {
                  if (applied != null) {
                    reports.applied(applied.delta());
                  }
                  if (!execute(() -> then.accept(applied, error))) {
                    then.accept(null, notController());
                  }
                });
  }

  /** Until nothing is left to sweep; one round at a time. */
  private void sweep() {
    if (sweeping || !active) {
      return;
    }
    List<ConditionalBatch> batches = Controller.sweep(image.get());
    if (batches.isEmpty()) {
      return;
    }
    sweeping = true;
    AtomicInteger open = new AtomicInteger(batches.size());
    for (ConditionalBatch batch : batches) {
      propose(
          batch,
          (applied, error) -> {
            if (open.decrementAndGet() == 0) {
              sweeping = false;
              if (error == null) {
                sweep();
              } else {
                later(CLAIM_RETRY, this::sweep);
              }
            }
          });
    }
  }

  /** What is rejected has changed meanwhile; the next relief sees to it. */
  private void relieve(SlowDisks.Relief relief) {
    for (ConditionalBatch batch :
        Controller.relief(
            image.get(), relief.brokerId(), relief.slow(), relief.leadershipsOnly())) {
      propose(
          batch,
          (applied, error) -> {
            if (error != null) {
              LOG.warn(
                  "broker {} could not be relieved: {}", relief.brokerId(), error.getMessage());
            }
          });
    }
  }

  @Override
  public void heartbeat(BrokerHeartbeat heartbeat, SessionPeer peer) {
    boolean queued =
        execute(
            () -> {
              if (active) {
                sessions.heartbeat(heartbeat, peer);
              } else {
                peer.fail(notController());
              }
            });
    if (!queued) {
      peer.fail(notController());
    }
  }

  @Override
  public void broken(int brokerId, long brokerEpoch, long stream) {
    execute(() -> sessions.broken(brokerId, brokerEpoch, stream, System.nanoTime()));
  }

  private void tick() {
    try {
      if (active) {
        sessions.tick(System.nanoTime());
      }
    } catch (RuntimeException e) {
      LOG.error("the controller's tick failed", e);
    }
  }

  private boolean execute(Runnable task) {
    try {
      thread.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              LOG.error("a task of the controller failed", e);
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void later(Duration delay, Runnable task) {
    try {
      var unused = thread.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closing", e);
    }
  }

  private JangadaException notController() {
    return new JangadaException(
        ErrorCode.NOT_CONTROLLER,
        "expected the controller, but node " + identity.nodeId() + " is not");
  }

  @Override
  public void close() {
    active = false;
    execute(() -> sessions.deactivate(notController()));
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("the controller's thread did not end within 5 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
