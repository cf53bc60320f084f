// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

/**
 * What a run has gone through. A counter that stays at zero over a whole series means that the
 * harness does not exercise what it claims to.
 */
public enum Counter {
  /** Records that a producer was told to be safe, acks=all. */
  ACKNOWLEDGED_RECORDS,
  /** Appends with acks=leader that were answered. */
  ACKNOWLEDGED_BY_LEADER_ALONE,
  /** Records read below the high watermark. */
  RECORDS_READ,
  /** Leaders elected from the ISR. */
  ELECTIONS_FROM_ISR,
  /** Leaders elected from the eligible leader replicas (rule 8). */
  ELECTIONS_FROM_ELR,
  /** Logs truncated, to the end of a common epoch (rules 1 and 2). */
  TRUNCATIONS,
  /** Truncations of a log whose high watermark was lower than where it was cut (rule 1). */
  TRUNCATIONS_ABOVE_HIGH_WATERMARK,
  /** Fsyncs under way while their log was truncated: what they say does not count. */
  SYNCS_OVERTAKEN_BY_TRUNCATION,
  /** Answers that a follower's log diverges (rule 2). */
  DIVERGED_ANSWERS,
  /** Subscriptions refused because of an older leader epoch (rule 3). */
  FENCED_SUBSCRIPTIONS,
  /** Subscriptions that came before their leader knew (rule 3). */
  NOT_YET_LEADER,
  /** Reads refused because of the leader epoch (rule 4). */
  READS_FENCED,
  /** High watermarks that moved while an ISR change was in flight (rule 5). */
  COMMITS_WITH_PENDING_ISR,
  /** ISR changes that were committed. */
  ISR_CHANGES,
  /** ISR changes rejected by the quorum (rules 5 and 6). */
  REJECTED_ISR_CHANGES,
  /** ISR changes whose answer did not come (rule 5). */
  UNKNOWN_ISR_CHANGES,
  /** ISR changes asked for again after an unknown outcome (rule 5). */
  REPEATED_ISR_CHANGES,
  /** ISR changes rejected for a member's broker epoch or status (rule 6). */
  INELIGIBLE_MEMBERS,
  /** Appends refused under min ISR (rule 7). */
  NOT_ENOUGH_REPLICAS,
  /** Appends that were in the log when the ISR had become too small (rule 7). */
  NOT_ENOUGH_REPLICAS_AFTER_APPEND,
  /** Answers withheld because a new leader's high watermark may be stale (rule 9). */
  HIGH_WATERMARK_UNKNOWN,
  /** Batches sent again and answered with their first offset (rule 18). */
  DUPLICATES_ANSWERED,
  /** Conditional appends refused because the log ended elsewhere. */
  UNEXPECTED_OFFSETS,
  /** Subscriptions for a topic that is gone or not there yet (rule 19). */
  UNKNOWN_TOPIC_IDS,
  /** Log starts that moved, on leaders and followers (rule 16). */
  LOG_STARTS_MOVED,
  /** Logs dropped because they ended below the leader's log start (rule 16). */
  LOGS_BEGUN_ANEW,
  /** Topics deleted and created again (rule 19). */
  TOPICS_RECREATED,
  /** Brokers restarted before they were fenced (rule 24). */
  FAST_RESTARTS,
  /** Old metadata that a restarted broker did not act on (rule 24). */
  OLD_INCARNATION_METADATA,
  /** Leaders that asked for another one because they cannot commit (rule 25). */
  RESIGNATIONS,
  /** Logs that lost a part that was not synced. */
  TORN_TAILS,
  /** Sectors that survived a power loss though one written before them did not. */
  SECTORS_REORDERED,
  /** Logs of memory-durable topics that lost with the power what had counted as safe (rule 8). */
  MEMORY_LOST,
  /** Fsyncs that failed, after each of which the log directory halts (rule 22). */
  DIRECTORIES_HALTED,
  /** Logs in which something durable rotted (rule 21). */
  LOGS_ROTTEN,
  /** Damaged logs that recovery found (rule 21). */
  DAMAGE_FOUND_BY_RECOVERY,
  /** Damaged logs that a read found (rule 21). */
  DAMAGE_FOUND_BY_READ,
  /** Logs that recovery found shorter than they may have been (rules 8 and 21). */
  LOGS_SUSPECT,
  /** Requests of brokers to give up rights that were carried out (rules 21 and 22). */
  RIGHTS_GIVEN_UP,
  /** Damaged logs that were fetched anew (rule 21). */
  REPAIRS,
  /** Appends refused because the disk was full (rule 20). */
  DISK_FULL_REFUSALS,
  /** Brokers that let appends in again when there was room (rule 20). */
  RESUMED_WITH_ROOM,
  /** Changes that relieved a broker of what its slow disk held up (rule 13). */
  SLOW_DISKS_RELIEVED,
  /** Partitions in which nobody was left who surely had everything, as was reported (I12). */
  NO_ONE_ELIGIBLE,
  /** Leaders that an operator had elected though they might lack records (rule 8). */
  UNCLEAN_ELECTIONS,
  /** Acknowledged records that were lost by that, and reported (I12). */
  RECORDS_REPORTED_LOST,
  /** Brokers killed. */
  KILLS,
  /** Brokers that lost power. */
  POWER_LOSSES,
  /** Disks wiped under the same broker id (rules 6 and 8). */
  DISKS_WIPED,
  /** Rights that a broker lost with its disk (rule 8). */
  RIGHTS_LOST_WITH_DISK,
  /** Faults that hit a chosen moment of the protocol. */
  AMBUSHES,
  /** Brokers fenced by the quorum. */
  FENCED_BROKERS,
  /** Other leaders of the quorum. */
  CONTROLLER_FAILOVERS,
  /** Answers of the quorum that came after their time-out or twice. */
  LATE_ANSWERS,
  /** Replication streams that broke. */
  BROKEN_STREAMS,
  /** Producers that gave up and went on with a new epoch. */
  PRODUCER_EPOCH_BUMPS
}
