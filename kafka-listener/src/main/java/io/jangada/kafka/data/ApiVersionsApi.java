// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.api.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
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

  private final List<KafkaApi<?>> all;

  /**
   * Announces these and itself.
   *
   * @param others all that is served besides
   */
  ApiVersionsApi(List<KafkaApi<?>> others) {
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
    return CompletableFuture.completedFuture(new ApiVersionsResponseData().setApiKeys(versions));
  }
}
