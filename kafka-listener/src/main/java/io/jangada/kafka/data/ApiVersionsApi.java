// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.kafka.api.JangadaFeature;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.api.Versions;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;

/** What is served, in which versions (KIP-35, KIP-511). */
final class ApiVersionsApi implements KafkaApi<ApiVersionsRequestData> {
  /**
   * Produce is announced from here on, though nothing below version 3 is served: librdkafka takes a
   * broker that does not for one without compression (KIP-896).
   */
  private static final short ANNOUNCED_PRODUCE = 0;

  private static final String GROUP_VERSION = "group.version";
  private static final short CONSUMER_PROTOCOL = 1;

  private final ClusterMetadata metadata;
  private final List<KafkaApi<?>> all;

  /**
   * Announces these and itself.
   *
   * @param metadata says which feature level is in force
   * @param others all that is served besides
   */
  ApiVersionsApi(ClusterMetadata metadata, List<KafkaApi<?>> others) {
    this.metadata = metadata;
    this.all = new ArrayList<>(others);
    all.add(this);
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.API_VERSIONS;
  }

  @Override
  public CompletableFuture<? extends ApiMessage> handle(
      ApiVersionsRequestData request, RequestContext context) {
    if (!new ApiVersionsRequest(request, context.version()).isValid()) {
      return CompletableFuture.failedFuture(
          Errors.INVALID_REQUEST.exception(
              "expected a client's name and version of letters, digits, '.' and '-'"));
    }
    ApiVersionCollection versions = new ApiVersionCollection();
    for (KafkaApi<?> api : all) {
      Versions served = api.versions();
      versions.add(
          new ApiVersion()
              .setApiKey(api.key().id)
              .setMinVersion(api.key() == ApiKeys.PRODUCE ? ANNOUNCED_PRODUCE : served.oldest())
              .setMaxVersion(served.latest()));
    }
    ApiVersionsResponseData response = new ApiVersionsResponseData().setApiKeys(versions);
    addFeature(response, metadata.image());
    addGroups(response, metadata.image());
    return CompletableFuture.completedFuture(response);
  }

  /** The consumer protocol of groups (KIP-848) is served by every broker there is. */
  private static void addGroups(ApiVersionsResponseData response, MetadataImage image) {
    response
        .supportedFeatures()
        .add(
            new SupportedFeatureKey()
                .setName(GROUP_VERSION)
                .setMinVersion((short) 0)
                .setMaxVersion(CONSUMER_PROTOCOL));
    if (image.cluster().featureLevel() > 0) {
      response
          .finalizedFeatures()
          .add(
              new FinalizedFeatureKey()
                  .setName(GROUP_VERSION)
                  .setMinVersionLevel(CONSUMER_PROTOCOL)
                  .setMaxVersionLevel(CONSUMER_PROTOCOL));
    }
  }

  private static void addFeature(ApiVersionsResponseData response, MetadataImage image) {
    response
        .supportedFeatures()
        .add(
            new SupportedFeatureKey()
                .setName(JangadaFeature.NAME)
                .setMinVersion((short) FeatureRange.SUPPORTED.min())
                .setMaxVersion((short) FeatureRange.SUPPORTED.max()));
    short level = (short) image.cluster().featureLevel();
    if (level > 0) {
      response.setFinalizedFeaturesEpoch(image.index());
      response
          .finalizedFeatures()
          .add(
              new FinalizedFeatureKey()
                  .setName(JangadaFeature.NAME)
                  .setMinVersionLevel(level)
                  .setMaxVersionLevel(level));
    }
  }
}
