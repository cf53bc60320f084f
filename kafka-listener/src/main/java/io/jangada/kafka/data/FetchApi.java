// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.data.FetchTarget.FetchTopicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;

/** Reads, in sessions where the client wants one: see {@link FetchSession} and {@link Fetching}. */
final class FetchApi implements KafkaApi<FetchRequestData> {
  private static final short FIRST_BY_ID = 13;

  private final FetchSessions sessions;
  private final Fetching.Resources resources;

  FetchApi(FetchSessions sessions, Fetching.Resources resources) {
    this.sessions = sessions;
    this.resources = resources;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.FETCH;
  }

  @Override
  public CompletableFuture<? extends ApiMessage> handle(
      FetchRequestData request, RequestContext context) {
    boolean byId = context.version() >= FIRST_BY_ID;
    List<FetchTarget> named = targets(request, byId);
    if (FetchRequest.isValidBrokerId(FetchRequest.replicaId(request))) {
      // Replication goes another way; who claims to be a broker reads nothing.
      return fetching(
          request, context, new FetchScope.Refused(named, Errors.NOT_LEADER_OR_FOLLOWER));
    }
    FetchMetadata session = new FetchMetadata(request.sessionId(), request.sessionEpoch());
    return session.isFull()
        ? full(request, context, session, named, byId)
        : incremental(request, context, session, named, byId);
  }

  private CompletableFuture<? extends ApiMessage> full(
      FetchRequestData request,
      RequestContext context,
      FetchMetadata asked,
      List<FetchTarget> named,
      boolean byId) {
    if (asked.sessionId() != FetchMetadata.INVALID_SESSION_ID) {
      sessions.close(asked.sessionId());
    }
    return fetching(
        request,
        context,
        asked.epoch() == FetchMetadata.FINAL_EPOCH
            ? new FetchScope.Sessionless(named)
            : new FetchScope.First(named, () -> sessions.open(byId, named)));
  }

  private CompletableFuture<? extends ApiMessage> incremental(
      FetchRequestData request,
      RequestContext context,
      FetchMetadata asked,
      List<FetchTarget> named,
      boolean byId) {
    FetchSession session = sessions.find(asked.sessionId());
    Errors error =
        session == null
            ? Errors.FETCH_SESSION_ID_NOT_FOUND
            : session.advance(asked.epoch(), byId, named, forgotten(request, byId));
    if (session == null || error != Errors.NONE) {
      return CompletableFuture.completedFuture(new FetchResponseData().setErrorCode(error.code()));
    }
    if (session.size() == 0) {
      sessions.close(session.id());
      return fetching(request, context, new FetchScope.Sessionless(List.of()));
    }
    return fetching(request, context, new FetchScope.Next(session));
  }

  private CompletableFuture<? extends ApiMessage> fetching(
      FetchRequestData request, RequestContext context, FetchScope scope) {
    return new Fetching(resources, request, context, scope).start();
  }

  private static List<FetchTarget> targets(FetchRequestData request, boolean byId) {
    Map<FetchTarget.Key, FetchTarget> targets = new LinkedHashMap<>();
    for (FetchTopic topic : request.topics()) {
      FetchTopicKey key = new FetchTopicKey(byId ? "" : topic.topic(), topic.topicId());
      for (FetchPartition partition : topic.partitions()) {
        FetchTarget target = FetchTarget.of(key, partition);
        targets.put(target.key(), target);
      }
    }
    return List.copyOf(targets.values());
  }

  private static List<FetchTarget.Key> forgotten(FetchRequestData request, boolean byId) {
    List<FetchTarget.Key> keys = new ArrayList<>();
    for (ForgottenTopic topic : request.forgottenTopicsData()) {
      FetchTopicKey key = new FetchTopicKey(byId ? "" : topic.topic(), topic.topicId());
      topic.partitions().forEach(partition -> keys.add(new FetchTarget.Key(key, partition)));
    }
    return keys;
  }
}
