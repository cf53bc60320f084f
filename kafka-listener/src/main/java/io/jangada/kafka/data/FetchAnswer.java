// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.FetchService.Fetched;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.codec.LogRecords;
import io.jangada.kafka.data.FetchTarget.FetchTopicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchResponse;
import org.jspecify.annotations.Nullable;

/** Puts together what a client is answered. For one response. */
final class FetchAnswer {
  private static final short FIRST_WITH_LEADER_HINTS = 16;

  private final ClusterMetadata metadata;
  private final RequestContext context;
  private final FetchScope scope;

  FetchAnswer(ClusterMetadata metadata, RequestContext context, FetchScope scope) {
    this.metadata = metadata;
    this.context = context;
    this.scope = scope;
  }

  /** A partition that was read; without transactions all that is committed is stable. */
  static PartitionData of(
      FetchTarget target, Fetched found, LogRecords records, boolean readCommitted) {
    return new PartitionData()
        .setPartitionIndex(target.partition())
        .setHighWatermark(found.highWatermark())
        .setLastStableOffset(found.highWatermark())
        .setLogStartOffset(found.logStartOffset())
        .setAbortedTransactions(readCommitted ? List.of() : null)
        .setRecords(records);
  }

  /** A partition that was not read. */
  static PartitionData refused(FetchTarget target, Errors error) {
    return new PartitionData()
        .setPartitionIndex(target.partition())
        .setErrorCode(error.code())
        .setHighWatermark(FetchResponse.INVALID_HIGH_WATERMARK)
        .setLastStableOffset(FetchResponse.INVALID_LAST_STABLE_OFFSET)
        .setLogStartOffset(FetchResponse.INVALID_LOG_START_OFFSET)
        .setAbortedTransactions(isUnknown(error) ? List.of() : null)
        .setRecords(LogRecords.NONE);
  }

  /**
   * Kafka finds that out before it looks for transactions, of which it says something else then.
   */
  private static boolean isUnknown(Errors error) {
    return error == Errors.UNKNOWN_TOPIC_OR_PARTITION || error == Errors.UNKNOWN_TOPIC_ID;
  }

  /** The response: in a session, only of what is new to the client. */
  FetchResponseData response(Map<FetchTarget, PartitionData> read) {
    FetchSession session = session();
    FetchResponseData response = new FetchResponseData();
    if (session != null) {
      response.setSessionId(session.id());
    }
    boolean first = !(scope instanceof FetchScope.Next);
    LeaderHints hints = null;
    FetchTopicKey last = null;
    List<PartitionData> partitions = new ArrayList<>();
    for (Map.Entry<FetchTarget, PartitionData> each : read.entrySet()) {
      FetchTarget target = each.getKey();
      PartitionData data = each.getValue();
      if (session != null && !session.tell(target.key(), data, first)) {
        continue;
      }
      if (context.version() >= FIRST_WITH_LEADER_HINTS
          && PartitionErrors.leaderIsElsewhere(Errors.forCode(data.errorCode()))) {
        hints = hints == null ? new LeaderHints(metadata, context.network()) : hints;
        hints
            .leaderOf(target.ref())
            .ifPresent(
                leads ->
                    data.setCurrentLeader(
                        new LeaderIdAndEpoch()
                            .setLeaderId(leads.leader())
                            .setLeaderEpoch(leads.leaderEpoch())));
      }
      if (!target.topic().equals(last)) {
        last = target.topic();
        partitions = new ArrayList<>();
        response
            .responses()
            .add(
                new FetchableTopicResponse()
                    .setTopic(last.name())
                    .setTopicId(last.id())
                    .setPartitions(partitions));
      }
      partitions.add(data);
    }
    // Who says it is a follower is told who leads, but not where.
    if (hints != null && !(scope instanceof FetchScope.Refused)) {
      hints
          .endpoints(
              (id, host, port, rack) ->
                  new NodeEndpoint().setNodeId(id).setHost(host).setPort(port).setRack(rack))
          .forEach(response.nodeEndpoints()::add);
    }
    return response;
  }

  private @Nullable FetchSession session() {
    return switch (scope) {
      case FetchScope.First(var targets, var opened) -> targets.isEmpty() ? null : opened.get();
      case FetchScope.Next(var session) -> session;
      case FetchScope.Sessionless ignored -> null;
      case FetchScope.Refused ignored -> null;
    };
  }
}
