// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.metadata.image.TopicImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What has to hold of the records when everything has recovered. */
final class FinalCheck {
  private FinalCheck() {}

  /**
   * Every acknowledged record is there (I1); who sends again has written nothing twice (I3);
   * nothing is there of which a producer was told that it surely is not.
   */
  static void of(SimCluster cluster, List<SimProducer> producers) {
    TopicImage topic = cluster.quorum().image().topic(SimCluster.TOPIC);
    if (topic == null) {
      throw new InvariantViolation("I10", "expected the topic to be there at the end");
    }
    for (Integer partition : topic.partitions().keySet()) {
      Truth truth = cluster.truth(topic.partitionId(partition));
      if (truth.acknowledgedEnd() > truth.end()) {
        throw new InvariantViolation("I1", "expected acknowledged records to be committed");
      }
      Set<Long> seen = new HashSet<>();
      for (int offset = 0; offset < truth.end(); offset++) {
        long value = truth.valueAt(offset);
        SimProducer writer = producers.get(SimProducer.writerOf(value));
        if (!seen.add(value) && writer.writesOnce()) {
          throw new InvariantViolation(
              "I3", "expected value " + value + " once, but it is at " + offset + " again");
        }
        if (writer.surelyNotWritten().contains(value)) {
          throw new InvariantViolation(
              "I1", "expected value " + value + " not to be written, as its producer was told");
        }
      }
    }
  }
}
