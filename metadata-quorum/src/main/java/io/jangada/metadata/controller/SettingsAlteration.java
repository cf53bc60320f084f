// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.ControllerAnswer.AlterSettingsResult;
import io.jangada.metadata.command.ControllerAnswer.SettingsAltered;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.SettingKey;
import io.jangada.metadata.image.Settings;
import io.jangada.metadata.image.TopicConfigs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Changes the settings of the cluster and of brokers, each change on its own. */
final class SettingsAlteration {
  private SettingsAlteration() {}

  static Decision decide(MetadataImage image, ControllerRequest.AlterSettings request) {
    if (image.cluster().featureLevel() < FeatureRange.SETTINGS) {
      return Answers.failed(
          image,
          ErrorCode.UNSUPPORTED,
          "expected feature level "
              + FeatureRange.SETTINGS
              + " or above to change settings while the cluster runs, but it is "
              + image.cluster().featureLevel(),
          "raise it once every node runs this version: jangada quorum feature-level --set "
              + FeatureRange.SETTINGS);
    }
    List<ItemPlan<AlterSettingsResult>> plans = new ArrayList<>();
    for (SettingsChange change : request.changes()) {
      plans.add(plan(image, change, request.validateOnly()));
    }
    return ItemPlan.decide(image, plans, SettingsAltered::new);
  }

  private static ItemPlan<AlterSettingsResult> plan(
      MetadataImage image, SettingsChange change, boolean validateOnly) {
    int brokerId = change.brokerId();
    Map<String, String> before = image.settings().of(brokerId);
    Map<String, String> after = changed(before, change);
    Refusal refusal = check(image, change);
    if (refusal == null) {
      refusal = TopicConfigs.checkTogether(after, image.cluster().featureLevel());
    }
    if (refusal != null || validateOnly || after.equals(before)) {
      return ItemPlan.settled(new AlterSettingsResult(brokerId, refusal));
    }
    return ItemPlan.proposed(
        new BatchItem(
            List.of(new Precondition.SettingsAre(brokerId, before)),
            List.of(new MetadataRecord.SettingsConfigured(brokerId, after))),
        rejected -> new AlterSettingsResult(brokerId, rejected));
  }

  private static @Nullable Refusal check(MetadataImage image, SettingsChange change) {
    int brokerId = change.brokerId();
    if (brokerId != SettingsChange.CLUSTER && image.broker(brokerId) == null) {
      return new Refusal(
          ErrorCode.INVALID_REQUEST,
          "expected a registered broker, but there is no broker " + brokerId,
          "jangada broker list shows the brokers there are");
    }
    Refusal refusal = Settings.check(change);
    return refusal != null ? refusal : checkReplicationFactor(image, change);
  }

  /** A default that no topic could be created with would only be found out later. */
  private static @Nullable Refusal checkReplicationFactor(
      MetadataImage image, SettingsChange change) {
    String key = SettingKey.DEFAULT_REPLICATION_FACTOR.key();
    String wanted = change.set().get(key);
    int brokers = image.brokers().size();
    return wanted == null || Integer.parseInt(wanted.strip()) <= brokers
        ? null
        : new Refusal(
            ErrorCode.INVALID_CONFIG,
            "expected "
                + key
                + " to be at most the number of registered brokers, "
                + brokers
                + ", but got "
                + wanted,
            "start more brokers first");
  }

  private static Map<String, String> changed(Map<String, String> before, SettingsChange change) {
    Map<String, String> after = new TreeMap<>(before);
    change.unset().forEach(after::remove);
    change.set().forEach((key, value) -> after.put(key, value.strip()));
    return after;
  }
}
