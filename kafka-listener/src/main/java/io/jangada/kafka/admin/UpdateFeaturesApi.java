// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.SettingsAdmin;
import io.jangada.kafka.api.JangadaFeature;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.KafkaErrors;
import io.jangada.kafka.api.RequestContext;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * UpdateFeatures (KIP-584): raises {@link JangadaFeature}, as {@code jangada quorum feature-level}
 * does. A level that was raised cannot be lowered, however a client asks for it.
 */
final class UpdateFeaturesApi implements KafkaApi<UpdateFeaturesRequestData> {
  private static final short FIRST_WITH_UPGRADE_TYPE = 1;

  private final ClusterMetadata metadata;
  private final SettingsAdmin settings;

  UpdateFeaturesApi(ClusterMetadata metadata, SettingsAdmin settings) {
    this.metadata = metadata;
    this.settings = settings;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.UPDATE_FEATURES;
  }

  @Override
  public CompletableFuture<UpdateFeaturesResponseData> handle(
      UpdateFeaturesRequestData request, RequestContext context) {
    int level = metadata.image().cluster().featureLevel();
    for (FeatureUpdateKey update : request.featureUpdates()) {
      String wrong = wrong(update, level, context.version());
      if (wrong != null) {
        return CompletableFuture.completedFuture(refused(Errors.INVALID_UPDATE_VERSION, wrong));
      }
    }
    FeatureUpdateKey update = request.featureUpdates().find(JangadaFeature.NAME);
    if (update == null) {
      return CompletableFuture.completedFuture(done());
    }
    return Patience.with(
        settings
            .setFeatureLevel(update.maxVersionLevel(), request.validateOnly())
            .handle((done, failure) -> failure == null ? done() : refused(failure)),
        request.timeoutMs());
  }

  /** What makes no sense here, or null. */
  private static @Nullable String wrong(FeatureUpdateKey update, int level, short version) {
    if (!update.feature().equals(JangadaFeature.NAME)) {
      return "expected the feature " + JangadaFeature.NAME + ", but got " + update.feature();
    }
    UpgradeType type =
        version < FIRST_WITH_UPGRADE_TYPE
            ? UpgradeType.UPGRADE
            : UpgradeType.fromCode(update.upgradeType());
    if (type == UpgradeType.UNKNOWN) {
      return "expected a known type of upgrade, but got " + update.upgradeType();
    }
    if (update.maxVersionLevel() < level) {
      return "expected level "
          + level
          + " or above, but got "
          + update.maxVersionLevel()
          + "; a level that was raised cannot be lowered";
    }
    return type != UpgradeType.UPGRADE && update.maxVersionLevel() > level
        ? "expected an upgrade to level " + update.maxVersionLevel() + ", but got " + type
        : null;
  }

  private static UpdateFeaturesResponseData done() {
    return new UpdateFeaturesResponseData().setErrorMessage(null);
  }

  private static UpdateFeaturesResponseData refused(Throwable failure) {
    Errors error = KafkaErrors.of(failure);
    return refused(
        error == Errors.INVALID_REQUEST || error == Errors.UNSUPPORTED_VERSION
            ? Errors.INVALID_UPDATE_VERSION
            : error,
        KafkaErrors.message(failure));
  }

  private static UpdateFeaturesResponseData refused(Errors error, String message) {
    return new UpdateFeaturesResponseData().setErrorCode(error.code()).setErrorMessage(message);
  }
}
