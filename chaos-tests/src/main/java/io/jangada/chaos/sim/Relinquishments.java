// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.UnfitDirectory;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongConsumer;

/** Gives up rights at the quorum, one request after the other, until it has carried them out. */
final class Relinquishments {
  private static final long TIMEOUT_MS = 300;

  /** A request under way; equal to no other, whatever is in it. */
  private static final class Part {
    final ControllerRequest request;
    final LongConsumer done;

    Part(ControllerRequest request, LongConsumer done) {
      this.request = request;
      this.done = done;
    }
  }

  private final SimCluster cluster;
  private final SimBroker broker;
  private final ArrayDeque<Part> parts = new ArrayDeque<>();
  private boolean underWay;

  Relinquishments(SimCluster cluster, SimBroker broker) {
    this.cluster = cluster;
    this.broker = broker;
  }

  /** The process has ended. */
  void clear() {
    parts.clear();
    underWay = false;
  }

  /**
   * Gives up the rights over replicas.
   *
   * @param suspect whether they may yet turn out whole
   * @param done called once, if the process lives, when the quorum has done so, with the index from
   *     which on the metadata says it
   */
  void add(
      List<TopicIdPartition> replicas,
      boolean suspect,
      List<UnfitDirectory> directories,
      LongConsumer done) {
    parts.add(
        new Part(
            new ControllerRequest.RelinquishReplicas(
                broker.id(),
                broker.brokerEpoch(),
                replicas,
                suspect,
                directories,
                "of the simulation"),
            done));
    tick();
  }

  /** Sends what waits, again if need be. */
  void tick() {
    Part part = parts.peek();
    if (part == null || underWay) {
      return;
    }
    underWay = true;
    int process = broker.process();
    cluster
        .quorum()
        .call(
            broker.id(),
            part.request,
            TIMEOUT_MS,
            answer -> {
              if (!broker.isProcess(process) || parts.peek() != part) {
                return;
              }
              underWay = false;
              if (answer instanceof ControllerAnswer.Done done) {
                parts.remove();
                cluster.counters().count(Counter.RIGHTS_GIVEN_UP);
                part.done.accept(done.index());
              }
            });
  }
}
