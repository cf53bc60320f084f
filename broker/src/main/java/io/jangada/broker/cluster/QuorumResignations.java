// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.broker.service.ControllerGateway;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest.Leadership;
import io.jangada.metadata.command.ControllerRequest.Resign;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the quorum for other leaders in this broker's place (REPLICATION.md, rule 25). One request
 * is under way at a time and takes with it what has gathered meanwhile. Nothing is sent again: who
 * still cannot commit resigns again. Bounded by the partitions led here. Thread-safe.
 */
final class QuorumResignations {
  private static final Logger log = LoggerFactory.getLogger(QuorumResignations.class);

  /** As many as one entry of the metadata log takes. */
  private static final int MAX_PER_REQUEST = 500;

  private final int brokerId;
  private final LongSupplier brokerEpoch;
  private final ControllerGateway controller;

  /** Leader epochs by partition, in the order of the asking. Guards itself and underWay. */
  private final Map<TopicIdPartition, Integer> gathered = new LinkedHashMap<>();

  private boolean underWay;

  QuorumResignations(int brokerId, LongSupplier brokerEpoch, ControllerGateway controller) {
    this.brokerId = brokerId;
    this.brokerEpoch = brokerEpoch;
    this.controller = controller;
  }

  void resign(TopicIdPartition partition, int leaderEpoch) {
    synchronized (gathered) {
      gathered.put(partition, leaderEpoch);
    }
    sendGathered();
  }

  private void sendGathered() {
    List<Leadership> batch = takeBatch();
    if (batch.isEmpty()) {
      return;
    }
    var unused =
        controller
            .submit(new Resign(brokerId, brokerEpoch.getAsLong(), batch))
            .handle(
                (answer, failure) -> {
                  finish(batch.size(), answer, failure);
                  return null;
                });
  }

  private List<Leadership> takeBatch() {
    List<Leadership> batch = new ArrayList<>();
    synchronized (gathered) {
      if (!underWay) {
        Iterator<Map.Entry<TopicIdPartition, Integer>> waiting = gathered.entrySet().iterator();
        while (waiting.hasNext() && batch.size() < MAX_PER_REQUEST) {
          Map.Entry<TopicIdPartition, Integer> next = waiting.next();
          batch.add(new Leadership(next.getKey(), next.getValue()));
          waiting.remove();
        }
        underWay = !batch.isEmpty();
      }
    }
    return batch;
  }

  private void finish(int size, @Nullable ControllerAnswer answer, @Nullable Throwable failure) {
    if (failure != null) {
      log.warn("Resigning from {} partitions was not answered: {}", size, failure.toString());
    } else if (answer instanceof ControllerAnswer.Failed failed) {
      log.warn("Resigning from {} partitions was refused: {}", size, failed.refusal().message());
    }
    synchronized (gathered) {
      underWay = false;
    }
    sendGathered();
  }
}
