// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * UpdateFeatures (KIP-584). None of Kafka's features has levels here: ApiVersions tells clients of
 * none, and none can be raised. Our own feature level is raised by {@code jangada quorum
 * feature-level}.
 */
final class UpdateFeaturesApi implements KafkaApi<UpdateFeaturesRequestData> {
  @Override
  public ApiKeys key() {
    return ApiKeys.UPDATE_FEATURES;
  }

  @Override
  public CompletableFuture<UpdateFeaturesResponseData> handle(
      UpdateFeaturesRequestData request, RequestContext context) {
    UpdateFeaturesResponseData response = new UpdateFeaturesResponseData();
    return CompletableFuture.completedFuture(
        request.featureUpdates().isEmpty()
            ? response.setErrorMessage(null)
            : response
                .setErrorCode(Errors.INVALID_UPDATE_VERSION.code())
                .setErrorMessage(
                    "expected features of this cluster, but it has none of "
                        + request.featureUpdates().stream()
                            .map(FeatureUpdateKey::feature)
                            .collect(Collectors.joining(", "))));
  }
}
