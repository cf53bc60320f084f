// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.controller.BrokenPromises;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A promise that had to be broken is reported, never silent: in the log and as metrics. */
final class PromiseReports {
  private static final Logger LOG = LoggerFactory.getLogger(PromiseReports.class);

  private final Counter uncleanElections;
  private final Counter partitionsWithoutEligible;
  private final Counter suspectsKept;

  PromiseReports(CollectorRegistry registry) {
    uncleanElections =
        Counter.build(
                "jangada_metadata_unclean_elections_total",
                "Leaders elected that may lack acknowledged records.")
            .register(registry);
    partitionsWithoutEligible =
        Counter.build(
                "jangada_metadata_partitions_without_eligible_total",
                "Partitions whose last eligible replica lost its log.")
            .register(registry);
    suspectsKept =
        Counter.build(
                "jangada_metadata_suspect_replicas_kept_total",
                "Suspect replicas that kept their rights because no one else had any.")
            .register(registry);
  }

  void applied(MetadataDelta delta) {
    for (BrokenPromises broken : BrokenPromises.in(delta)) {
      String name = name(delta.after(), broken.partition());
      switch (broken) {
        case BrokenPromises.UncleanElection unclean -> {
          uncleanElections.inc();
          LOG.error(
              "{}: broker {} leads though it may lack acknowledged records: no replica was left"
                  + " that surely has them",
              name,
              unclean.leader());
        }
        case BrokenPromises.NoOneEligible none -> {
          partitionsWithoutEligible.inc();
          LOG.error(
              "{}: no replica is left that surely has every acknowledged record; the last known to"
                  + " have had them: {}. See: jangada leader elect --from-last-known {}",
              name,
              none.lastKnown(),
              name);
        }
      }
    }
  }

  void registered(ControllerRequest.RegisterBroker request, MetadataImage image) {
    int brokerId = request.brokerId();
    for (TopicIdPartition id : request.verdicts().suspect()) {
      @Nullable PartitionRegistration partition = image.partition(id);
      if (partition != null && partition.hasRights(brokerId)) {
        suspectsKept.inc();
        LOG.error(
            "{}: the replica of broker {} is suspect and keeps its rights, because no other replica"
                + " has any: acknowledged records may be missing",
            name(image, id),
            brokerId);
      }
    }
  }

  private static String name(MetadataImage image, TopicIdPartition id) {
    @Nullable TopicImage topic = image.topic(id.topicId());
    return (topic == null ? id.topicId().toString() : topic.name()) + ":" + id.partition();
  }
}
