// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.TopicIdPartition;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link ControllerRequest}. Immutable.
 *
 * <p>Per-item results carry a refusal, or null where the item was done.
 */
public sealed interface ControllerAnswer {
  /** The index of the metadata log at which it was decided; the effect is in it. */
  long index();

  /** Refused as a whole; nothing was done. */
  record Failed(long index, Refusal refusal) implements ControllerAnswer {}

  /** Done, or already so. */
  record Done(long index) implements ControllerAnswer {}

  /** The node is the controller, in this epoch. */
  record Claimed(long index, long controllerEpoch) implements ControllerAnswer {}

  /** The incarnation is registered, in this epoch, and fenced. */
  record Registered(long index, long brokerEpoch) implements ControllerAnswer {}

  /** How many partitions have still to be led by another; at 0 the broker may stop. */
  record ShutdownProgress(long index, int remaining) implements ControllerAnswer {}

  /** One result for each topic, in the order of the request. */
  record TopicsCreated(long index, List<CreateTopicResult> results) implements ControllerAnswer {
    /** Copies the list. */
    public TopicsCreated {
      results = List.copyOf(results);
    }
  }

  /**
   * What became of one topic.
   *
   * @param topicId null where it was refused or only checked
   * @param partitions as resolved from the defaults; 0 where it was refused
   * @param replicationFactor as resolved from the defaults; 0 where it was refused
   */
  record CreateTopicResult(
      String name,
      @Nullable UUID topicId,
      int partitions,
      int replicationFactor,
      @Nullable Refusal refusal) {}

  /** One result for each topic, in the order of the request. */
  record TopicsDeleted(long index, List<DeleteTopicResult> results) implements ControllerAnswer {
    /** Copies the list. */
    public TopicsDeleted {
      results = List.copyOf(results);
    }
  }

  /** What became of one topic. */
  record DeleteTopicResult(UUID topicId, @Nullable Refusal refusal) {}

  /** One result for each topic, in the order of the request. */
  record TopicConfigsAltered(long index, List<AlterTopicConfigsResult> results)
      implements ControllerAnswer {
    /** Copies the list. */
    public TopicConfigsAltered {
      results = List.copyOf(results);
    }
  }

  /** What became of one topic's change. */
  record AlterTopicConfigsResult(UUID topicId, @Nullable Refusal refusal) {}

  /** One result for each topic, in the order of the request. */
  record PartitionsAdded(long index, List<AddPartitionsResult> results)
      implements ControllerAnswer {
    /** Copies the list. */
    public PartitionsAdded {
      results = List.copyOf(results);
    }
  }

  /**
   * What became of one topic.
   *
   * @param before how many partitions it had; 0 where it was refused
   * @param partitions how many it has, or would; 0 where it was refused
   */
  record AddPartitionsResult(UUID topicId, int before, int partitions, @Nullable Refusal refusal) {}

  /** One result for each change, in the order of the request. */
  record SettingsAltered(long index, List<AlterSettingsResult> results)
      implements ControllerAnswer {
    /** Copies the list. */
    public SettingsAltered {
      results = List.copyOf(results);
    }
  }

  /** What became of one change: of a broker's settings, or of the cluster's. */
  record AlterSettingsResult(int brokerId, @Nullable Refusal refusal) {}

  /** One result for each partition, in the order of the request. */
  record IsrAltered(long index, List<IsrChangeResult> results) implements ControllerAnswer {
    /** Copies the list. */
    public IsrAltered {
      results = List.copyOf(results);
    }
  }

  /** What became of one proposal. A refusal is final: the proposal will never take effect. */
  record IsrChangeResult(TopicIdPartition partition, @Nullable Refusal refusal) {}

  /** That broker leads, or would. */
  record LeaderElected(long index, int leader) implements ControllerAnswer {}

  /** One result for each partition, in the order of the request. */
  record PreferredElected(long index, List<PreferredElectionResult> results)
      implements ControllerAnswer {
    /** Copies the list. */
    public PreferredElected {
      results = List.copyOf(results);
    }
  }

  /**
   * What became of one partition.
   *
   * @param leaderBefore who led, or {@link PartitionRegistration#NO_LEADER}
   * @param leader who leads, or would
   * @param refusal why the preferred replica does not lead, or null if it does
   */
  record PreferredElectionResult(
      TopicIdPartition partition, int leaderBefore, int leader, @Nullable Refusal refusal) {}

  /** Ids that no one else was or will be given: from {@code first}, {@code count} of them. */
  record ProducerIds(long index, long first, int count) implements ControllerAnswer {}
}
