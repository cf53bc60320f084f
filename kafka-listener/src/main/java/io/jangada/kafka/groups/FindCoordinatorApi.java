// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.GroupDirectory;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.KafkaErrors;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.data.DescribedBrokers;
import io.jangada.kafka.data.DescribedBrokers.Described;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * FindCoordinator: where a group is coordinated. The first to ask has the offsets topic created and
 * waits for it, for a moment. Nobody coordinates transactions or share groups.
 */
final class FindCoordinatorApi implements KafkaApi<FindCoordinatorRequestData> {
  private static final Logger log = LoggerFactory.getLogger(FindCoordinatorApi.class);

  /** Then the client is told to ask again. */
  private static final long CREATION_PATIENCE_MS = 2_000;

  private static final int NO_ID = -1;
  private static final int NO_PORT = -1;

  private final ClusterMetadata metadata;
  private final GroupDirectory groups;

  FindCoordinatorApi(ClusterMetadata metadata, GroupDirectory groups) {
    this.metadata = metadata;
    this.groups = groups;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.FIND_COORDINATOR;
  }

  @Override
  public CompletableFuture<FindCoordinatorResponseData> handle(
      FindCoordinatorRequestData request, RequestContext context) {
    CoordinatorType type = CoordinatorType.forId(request.keyType());
    if (context.version() < FindCoordinatorRequest.MIN_BATCHED_VERSION) {
      return find(type, request.key(), context).thenApply(FindCoordinatorApi::single);
    }
    List<CompletableFuture<Coordinator>> found =
        request.coordinatorKeys().stream().map(key -> find(type, key, context)).toList();
    return CompletableFuture.allOf(found.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            all ->
                new FindCoordinatorResponseData()
                    .setCoordinators(found.stream().map(CompletableFuture::join).toList()));
  }

  private CompletableFuture<Coordinator> find(
      CoordinatorType type, String key, RequestContext context) {
    return switch (type) {
      case GROUP -> findGroups(key, context);
      case TRANSACTION ->
          CompletableFuture.completedFuture(
              none(key, Errors.UNSUPPORTED_VERSION)
                  .setErrorMessage("transactions are not served by this version of Jangada"));
      case SHARE -> CompletableFuture.completedFuture(none(key, Errors.INVALID_REQUEST));
    };
  }

  private CompletableFuture<Coordinator> findGroups(String groupId, RequestContext context) {
    return groups
        .coordinatorOf(groupId)
        .copy()
        .orTimeout(CREATION_PATIENCE_MS, TimeUnit.MILLISECONDS)
        .handle(
            (broker, failure) -> {
              if (failure != null) {
                if (!isAbsence(failure)) {
                  log.warn("No coordinator for group {}: {}", groupId, failure.toString());
                }
                return none(groupId, Errors.COORDINATOR_NOT_AVAILABLE);
              }
              Optional<Described> reachable =
                  new DescribedBrokers(metadata.image(), context.network()).broker(broker);
              return reachable
                  .map(
                      found ->
                          new Coordinator()
                              .setKey(groupId)
                              .setErrorMessage(null)
                              .setNodeId(broker)
                              .setHost(found.address().host())
                              .setPort(found.address().port()))
                  .orElseGet(() -> none(groupId, Errors.COORDINATOR_NOT_AVAILABLE));
            });
  }

  private static boolean isAbsence(Throwable failure) {
    return KafkaErrors.cause(failure) instanceof JangadaException typed
        && typed.code() == ErrorCode.LEADER_NOT_AVAILABLE;
  }

  private static Coordinator none(String key, Errors error) {
    return new Coordinator()
        .setKey(key)
        .setErrorCode(error.code())
        .setErrorMessage(error.message())
        .setNodeId(NO_ID)
        .setHost("")
        .setPort(NO_PORT);
  }

  private static FindCoordinatorResponseData single(Coordinator found) {
    return new FindCoordinatorResponseData()
        .setErrorCode(found.errorCode())
        .setErrorMessage(found.errorMessage())
        .setNodeId(found.nodeId())
        .setHost(found.host())
        .setPort(found.port());
  }
}
