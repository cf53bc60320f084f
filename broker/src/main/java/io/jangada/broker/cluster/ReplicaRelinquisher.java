// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.broker.service.ControllerGateway;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest.RelinquishReplicas;
import io.jangada.metadata.command.UnfitDirectory;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up rights at the quorum over replicas that this process cannot serve any more
 * (docs/REPLICATION.md, rules 21 and 22). One request is under way at a time, and is sent again
 * until the quorum has carried it out: a replica that keeps its rights could be elected. Bounded by
 * the replicas, each of which is lost once. Thread-safe; nothing blocks.
 */
public final class ReplicaRelinquisher {
  private static final Logger log = LoggerFactory.getLogger(ReplicaRelinquisher.class);

  /** As many as one entry of the metadata log takes. */
  private static final int MAX_REPLICAS_PER_REQUEST = 500;

  private static final long RETRY_MS = 200;
  private static final long NOT_REGISTERED = -1;

  private final int brokerId;
  private final LongSupplier brokerEpoch;
  private final ControllerGateway controller;
  private final Executor later;
  private final Counter relinquished;

  private final Object lock = new Object();
  private final Queue<Part> parts = new ArrayDeque<>();
  private boolean underWay;

  private record Part(
      List<TopicIdPartition> replicas,
      boolean suspect,
      List<UnfitDirectory> directories,
      String reason,
      CompletableFuture<Void> done) {}

  /**
   * Relinquishes in the name of a broker.
   *
   * @param brokerEpoch of this process's registration; nothing is sent before there is one
   */
  public ReplicaRelinquisher(
      int brokerId,
      LongSupplier brokerEpoch,
      ControllerGateway controller,
      CollectorRegistry metrics) {
    this(
        brokerId,
        brokerEpoch,
        controller,
        metrics,
        CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS));
  }

  /**
   * The same.
   *
   * @param later runs what is to be tried again, a little later
   */
  ReplicaRelinquisher(
      int brokerId,
      LongSupplier brokerEpoch,
      ControllerGateway controller,
      CollectorRegistry metrics,
      Executor later) {
    this.brokerId = brokerId;
    this.brokerEpoch = brokerEpoch;
    this.controller = controller;
    this.later = later;
    this.relinquished =
        Counter.build(
                "jangada_replicas_relinquished_total",
                "Replicas whose rights were given up because they cannot be served.")
            .register(metrics);
    Gauge.build("jangada_relinquishments_waiting", "Requests to give up rights, not answered yet.")
        .register(metrics)
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                synchronized (lock) {
                  return parts.size();
                }
              }
            });
  }

  /**
   * Gives up the rights over replicas.
   *
   * @param suspect whether they may yet turn out whole: then a replica that no one else could lead
   *     in place of keeps its rights
   * @param directories the log directories that failed, to be shown by the quorum
   * @param reason for people
   * @return completes once the quorum has done so; never exceptionally
   */
  public CompletableFuture<Void> relinquish(
      Collection<TopicIdPartition> replicas,
      boolean suspect,
      List<UnfitDirectory> directories,
      String reason) {
    List<TopicIdPartition> sorted = replicas.stream().sorted().toList();
    List<CompletableFuture<Void>> done = new ArrayList<>();
    log.warn(
        "Broker {} gives up its rights over {} {}replicas: {}",
        brokerId,
        sorted.size(),
        suspect ? "suspect " : "",
        reason);
    synchronized (lock) {
      for (int from = 0; from == 0 || from < sorted.size(); from += MAX_REPLICAS_PER_REQUEST) {
        int to = Math.min(sorted.size(), from + MAX_REPLICAS_PER_REQUEST);
        Part part =
            new Part(
                sorted.subList(from, to), suspect, directories, reason, new CompletableFuture<>());
        parts.add(part);
        done.add(part.done());
      }
    }
    sendNext();
    return CompletableFuture.allOf(done.toArray(CompletableFuture[]::new));
  }

  private void sendNext() {
    Part part;
    synchronized (lock) {
      if (underWay || parts.isEmpty()) {
        return;
      }
      underWay = true;
      part = parts.peek();
    }
    send(part);
  }

  private void send(Part part) {
    long epoch = brokerEpoch.getAsLong();
    if (epoch <= NOT_REGISTERED) {
      later.execute(() -> send(part));
      return;
    }
    var unused =
        controller
            .submit(
                new RelinquishReplicas(
                    brokerId,
                    epoch,
                    part.replicas(),
                    part.suspect(),
                    part.directories(),
                    part.reason()))
            .handle(
                (answer, failure) -> {
                  finish(part, answer, failure);
                  return null;
                });
  }

  private void finish(Part part, @Nullable ControllerAnswer answer, @Nullable Throwable failure) {
    if (!(answer instanceof ControllerAnswer.Done)) {
      log.warn(
          "The rights over {} replicas are not given up yet, trying again: {}",
          part.replicas().size(),
          failure == null ? answer : failure.toString());
      later.execute(() -> send(part));
      return;
    }
    relinquished.inc(part.replicas().size());
    synchronized (lock) {
      parts.remove();
      underWay = false;
    }
    part.done().complete(null);
    sendNext();
  }
}
