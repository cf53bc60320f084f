// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Generators of everything that is encoded, small and with the corners that codecs get wrong. */
final class Values {
  private static final Arbitrary<Integer> INTS = Arbitraries.integers();
  private static final Arbitrary<Long> LONGS = Arbitraries.longs();
  private static final Arbitrary<String> TEXTS =
      Arbitraries.strings().withChars('a', 'z', '.', 'é', '"', '\u4e2d').ofMaxLength(8);
  private static final Arbitrary<UUID> IDS =
      Combinators.combine(LONGS, LONGS).as((high, low) -> new UUID(high, low));
  private static final Arbitrary<TopicIdPartition> PARTITION_IDS =
      Combinators.combine(IDS, INTS).as(TopicIdPartition::new);
  private static final Arbitrary<List<Integer>> BROKERS = INTS.list().ofMaxSize(4);

  private Values() {}

  static Arbitrary<ConditionalBatch> batches() {
    Arbitrary<BatchItem> items =
        Combinators.combine(preconditions().list().ofMaxSize(3), records().list().ofMaxSize(3))
            .as(BatchItem::new);
    return Combinators.combine(LONGS, items.list().ofMaxSize(3)).as(ConditionalBatch::new);
  }

  static Arbitrary<Precondition> preconditions() {
    return Arbitraries.oneOf(
        TEXTS.map(Precondition.NameAbsent::new),
        Combinators.combine(TEXTS, IDS).as(Precondition.TopicIdIs::new),
        Combinators.combine(IDS, configs()).as(Precondition.TopicConfigsAre::new),
        Combinators.combine(PARTITION_IDS, INTS).as(Precondition.LeaderEpochIs::new),
        Combinators.combine(PARTITION_IDS, INTS).as(Precondition.PartitionEpochIs::new),
        Combinators.combine(INTS, LONGS).as(Precondition.BrokerEpochIs::new),
        Combinators.combine(INTS, IDS).as(Precondition.IncarnationIs::new),
        INTS.map(Precondition.BrokerAbsent::new),
        Combinators.combine(INTS, partitionSets()).as(Precondition.RightsWithin::new),
        Combinators.combine(INTS, configs()).as(Precondition.SettingsAre::new),
        LONGS.map(Precondition.NextProducerIdIs::new));
  }

  static Arbitrary<MetadataRecord> records() {
    return Arbitraries.oneOf(
        Combinators.combine(IDS, IDS).as(MetadataRecord.ClusterFormatted::new),
        Combinators.combine(INTS, LONGS).as(MetadataRecord.ControllerClaimed::new),
        INTS.map(MetadataRecord.FeatureLevelSet::new),
        Combinators.combine(INTS, IDS).as(MetadataRecord.QuorumMemberRegistered::new),
        registrations().map(MetadataRecord.BrokerRegistered::new),
        Combinators.combine(INTS, Arbitraries.of(BrokerStatus.class), TEXTS)
            .as(MetadataRecord.BrokerStatusChanged::new),
        Combinators.combine(TEXTS, IDS, configs()).as(MetadataRecord.TopicCreated::new),
        Combinators.combine(IDS, configs()).as(MetadataRecord.TopicConfigured::new),
        Combinators.combine(INTS, configs()).as(MetadataRecord.SettingsConfigured::new),
        INTS.map(MetadataRecord.BrokerRemoved::new),
        Combinators.combine(INTS, unfitDirectories()).as(MetadataRecord.DirectoryUnfit::new),
        IDS.map(MetadataRecord.TopicDeleted::new),
        Combinators.combine(PARTITION_IDS, partitions())
            .as(MetadataRecord.PartitionRegistered::new),
        LONGS.map(MetadataRecord.ProducerIdsAllocated::new));
  }

  static Arbitrary<ControllerRequest> requests() {
    Arbitrary<ControllerRequest.NewTopic> topics =
        Combinators.combine(
                TEXTS, INTS, INTS, configs(), INTS.list().ofMaxSize(3).list().ofMaxSize(3))
            .as(ControllerRequest.NewTopic::new);
    Arbitrary<BrokerIdAndEpoch> brokers =
        Combinators.combine(INTS, LONGS).as(BrokerIdAndEpoch::new);
    Arbitrary<ControllerRequest.IsrChange> changes =
        Combinators.combine(PARTITION_IDS, INTS, INTS, brokers.list().ofMaxSize(3))
            .as(ControllerRequest.IsrChange::new);
    Arbitrary<ControllerRequest.TopicConfigChange> configChanges =
        Combinators.combine(IDS, configs(), TEXTS.list().ofMaxSize(3))
            .as(ControllerRequest.TopicConfigChange::new);
    return Arbitraries.oneOf(
        INTS.map(ControllerRequest.ClaimController::new),
        Combinators.combine(configChanges.list().ofMaxSize(3), Arbitraries.of(true, false))
            .as(ControllerRequest.AlterTopicConfigs::new),
        Combinators.combine(IDS, IDS).as(ControllerRequest.FormatCluster::new),
        Combinators.combine(INTS, IDS).as(ControllerRequest.RegisterQuorumMember::new),
        Combinators.combine(INTS, IDS, profiles(), provenances(), verdicts())
            .as(ControllerRequest.RegisterBroker::new),
        Combinators.combine(INTS, LONGS, LONGS).as(ControllerRequest.UnfenceBroker::new),
        Combinators.combine(INTS, LONGS, TEXTS).as(ControllerRequest.FenceBroker::new),
        Combinators.combine(INTS, LONGS).as(ControllerRequest.ControlledShutdown::new),
        Combinators.combine(topics.list().ofMaxSize(3), Arbitraries.of(true, false))
            .as(ControllerRequest.CreateTopics::new),
        Combinators.combine(IDS.list().ofMaxSize(3), Arbitraries.of(true, false))
            .as(ControllerRequest.DeleteTopics::new),
        Combinators.combine(INTS, LONGS, changes.list().ofMaxSize(3))
            .as(ControllerRequest.AlterIsr::new),
        moreRequests(),
        Combinators.combine(INTS, LONGS).as(ControllerRequest.AllocateProducerIds::new));
  }

  private static Arbitrary<ControllerRequest> moreRequests() {
    return Arbitraries.oneOf(
        Combinators.combine(
                INTS,
                LONGS,
                PARTITION_IDS.list().ofMaxSize(3),
                Arbitraries.of(true, false),
                unfitDirectories().list().ofMaxSize(2),
                TEXTS)
            .as(ControllerRequest.RelinquishReplicas::new),
        Combinators.combine(
                INTS,
                LONGS,
                Combinators.combine(PARTITION_IDS, INTS)
                    .as(ControllerRequest.Leadership::new)
                    .list()
                    .ofMaxSize(3))
            .as(ControllerRequest.Resign::new),
        Combinators.combine(PARTITION_IDS, INTS, Arbitraries.of(true, false))
            .as(ControllerRequest.ElectFromLastKnown::new),
        Combinators.combine(PARTITION_IDS.list().ofMaxSize(3), Arbitraries.of(true, false))
            .as(ControllerRequest.ElectPreferred::new),
        Combinators.combine(
                Combinators.combine(
                        IDS, INTS, INTS.list().ofMaxSize(3).list().ofMaxSize(3).injectNull(0.3))
                    .as(ControllerRequest.PartitionCount::new)
                    .list()
                    .ofMaxSize(3),
                Arbitraries.of(true, false))
            .as(ControllerRequest.AddPartitions::new),
        Combinators.combine(
                Combinators.combine(INTS, configs(), TEXTS.list().ofMaxSize(3))
                    .as(ControllerRequest.SettingsChange::new)
                    .list()
                    .ofMaxSize(3),
                Arbitraries.of(true, false))
            .as(ControllerRequest.AlterSettings::new),
        Combinators.combine(INTS, Arbitraries.of(true, false))
            .as(ControllerRequest.RemoveBroker::new),
        Combinators.combine(INTS, Arbitraries.of(true, false))
            .as(ControllerRequest.SetFeatureLevel::new));
  }

  private static Arbitrary<SortedSet<TopicIdPartition>> partitionSets() {
    return PARTITION_IDS.set().ofMaxSize(4).map(TreeSet::new);
  }

  private static Arbitrary<UnfitDirectory> unfitDirectories() {
    return Combinators.combine(IDS, TEXTS).as(UnfitDirectory::new);
  }

  private static Arbitrary<ReplicaVerdicts> verdicts() {
    return Combinators.combine(
            Arbitraries.maps(IDS, partitionSets()).ofMaxSize(2),
            partitionSets(),
            partitionSets(),
            partitionSets(),
            Arbitraries.maps(PARTITION_IDS, ends()).ofMaxSize(3))
        .as(
            (whole, suspect, unsynced, damaged, ends) ->
                ReplicaVerdicts.of(whole, suspect, unsynced, damaged).withEnds(ends));
  }

  static Arbitrary<ControllerAnswer> answers() {
    Arbitrary<Refusal> refusals =
        Combinators.combine(Arbitraries.of(ErrorCode.class), TEXTS, TEXTS).as(Refusal::new);
    Arbitrary<ControllerAnswer.CreateTopicResult> created =
        Combinators.combine(TEXTS, IDS.injectNull(0.5), INTS, INTS, refusals.injectNull(0.5))
            .as(ControllerAnswer.CreateTopicResult::new);
    Arbitrary<ControllerAnswer.DeleteTopicResult> deleted =
        Combinators.combine(IDS, refusals.injectNull(0.5))
            .as(ControllerAnswer.DeleteTopicResult::new);
    Arbitrary<ControllerAnswer.AlterTopicConfigsResult> configured =
        Combinators.combine(IDS, refusals.injectNull(0.5))
            .as(ControllerAnswer.AlterTopicConfigsResult::new);
    Arbitrary<ControllerAnswer.IsrChangeResult> altered =
        Combinators.combine(PARTITION_IDS, refusals.injectNull(0.5))
            .as(ControllerAnswer.IsrChangeResult::new);
    Arbitrary<ControllerAnswer.AlterSettingsResult> settings =
        Combinators.combine(INTS, refusals.injectNull(0.5))
            .as(ControllerAnswer.AlterSettingsResult::new);
    Arbitrary<ControllerAnswer.AddPartitionsResult> added =
        Combinators.combine(IDS, INTS, INTS, refusals.injectNull(0.5))
            .as(ControllerAnswer.AddPartitionsResult::new);
    Arbitrary<ControllerAnswer.PreferredElectionResult> preferred =
        Combinators.combine(PARTITION_IDS, INTS, INTS, refusals.injectNull(0.5))
            .as(ControllerAnswer.PreferredElectionResult::new);
    return Arbitraries.oneOf(
        Combinators.combine(LONGS, added.list().ofMaxSize(3))
            .as(ControllerAnswer.PartitionsAdded::new),
        Combinators.combine(LONGS, preferred.list().ofMaxSize(3))
            .as(ControllerAnswer.PreferredElected::new),
        Combinators.combine(LONGS, settings.list().ofMaxSize(3))
            .as(ControllerAnswer.SettingsAltered::new),
        Combinators.combine(LONGS, refusals).as(ControllerAnswer.Failed::new),
        LONGS.map(ControllerAnswer.Done::new),
        Combinators.combine(LONGS, LONGS).as(ControllerAnswer.Claimed::new),
        Combinators.combine(LONGS, LONGS).as(ControllerAnswer.Registered::new),
        Combinators.combine(LONGS, INTS).as(ControllerAnswer.ShutdownProgress::new),
        Combinators.combine(LONGS, created.list().ofMaxSize(3))
            .as(ControllerAnswer.TopicsCreated::new),
        Combinators.combine(LONGS, deleted.list().ofMaxSize(3))
            .as(ControllerAnswer.TopicsDeleted::new),
        Combinators.combine(LONGS, configured.list().ofMaxSize(3))
            .as(ControllerAnswer.TopicConfigsAltered::new),
        Combinators.combine(LONGS, altered.list().ofMaxSize(3))
            .as(ControllerAnswer.IsrAltered::new),
        Combinators.combine(LONGS, INTS).as(ControllerAnswer.LeaderElected::new),
        Combinators.combine(LONGS, LONGS, INTS).as(ControllerAnswer.ProducerIds::new));
  }

  private static Arbitrary<PartitionRegistration> partitions() {
    return Combinators.combine(
            BROKERS,
            BROKERS,
            BROKERS,
            BROKERS,
            INTS,
            INTS,
            INTS,
            Arbitraries.maps(INTS, ends())
                .ofMaxSize(3)
                .map(ends -> LogComparison.of(ends, Set.of(ends.size())))
                .injectNull(0.5))
        .as(PartitionRegistration::new);
  }

  private static Arbitrary<LogEnd> ends() {
    return Combinators.combine(INTS, LONGS).as(LogEnd::new);
  }

  private static Arbitrary<BrokerRegistration> registrations() {
    return Combinators.combine(
            INTS,
            LONGS,
            IDS,
            Arbitraries.of(BrokerStatus.class),
            profiles(),
            provenances(),
            unfitDirectories().list().ofMaxSize(2))
        .as(BrokerRegistration::new);
  }

  private static Arbitrary<BrokerProfile> profiles() {
    return Combinators.combine(
            Combinators.combine(TEXTS, TEXTS, TEXTS, TEXTS).as(Endpoints::new),
            TEXTS,
            Arbitraries.of(NodeRole.class).list().uniqueElements().ofMaxSize(2),
            Combinators.combine(INTS, INTS).as(FeatureRange::new))
        .as(BrokerProfile::new);
  }

  private static Arbitrary<Provenance> provenances() {
    Arbitrary<Provenance.Run> runs =
        Combinators.combine(IDS, LONGS.filter(number -> number > 0)).as(Provenance.Run::new);
    return Combinators.combine(
            IDS.list().ofMaxSize(3),
            IDS,
            LONGS,
            Arbitraries.oneOf(runs, Arbitraries.just(Provenance.Run.UNKNOWN)))
        .as(Provenance::new);
  }

  private static Arbitrary<Map<String, String>> configs() {
    return Arbitraries.maps(TEXTS, TEXTS).ofMaxSize(3).map(HashMap::new);
  }
}
