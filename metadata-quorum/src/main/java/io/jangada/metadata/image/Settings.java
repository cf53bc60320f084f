// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import io.jangada.metadata.command.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which settings there are for whom, and what may be set. */
public final class Settings {
  private static final int MAX_SUGGESTION_DISTANCE = 4;

  private Settings() {}

  /** Why the change cannot be made, or null if it can. */
  public static @Nullable Refusal check(SettingsChange change) {
    for (String key : change.unset()) {
      Refusal refusal = checkKey(change.brokerId(), key);
      if (refusal != null) {
        return refusal;
      }
      if (change.set().containsKey(key)) {
        return invalid("expected " + key + " to be set or unset, but the change does both", "");
      }
    }
    for (Map.Entry<String, String> each : change.set().entrySet()) {
      Refusal refusal = check(change.brokerId(), each.getKey(), each.getValue());
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private static @Nullable Refusal check(int brokerId, String key, String value) {
    Refusal refusal = checkKey(brokerId, key);
    if (refusal != null) {
      return refusal;
    }
    SettingKey setting = SettingKey.of(key);
    if (setting == null) {
      return TopicConfigs.check(Map.of(key, value));
    }
    return setting.accepted().accepts(value)
        ? null
        : invalid(
            "expected "
                + key
                + " to be "
                + setting.accepted().expected()
                + ", but got \""
                + value
                + '"',
            "unset it for the default");
  }

  private static @Nullable Refusal checkKey(int brokerId, String key) {
    SettingKey setting = SettingKey.of(key);
    boolean ofCluster =
        TopicConfigKey.of(key) != null
            || (setting != null && setting.level() == SettingKey.Level.CLUSTER);
    if (setting == null && !ofCluster) {
      return invalid(
          "expected a setting of this version, but got \"" + key + '"', suggestion(brokerId, key));
    }
    return ofCluster && brokerId != SettingsChange.CLUSTER
        ? invalid(
            "expected a setting of a broker, but " + key + " is one of the cluster",
            "set it for the cluster")
        : null;
  }

  private static String suggestion(int brokerId, String key) {
    List<String> known = known(brokerId);
    return known.stream()
        .filter(each -> EditDistance.between(key, each) <= MAX_SUGGESTION_DISTANCE)
        .min(Comparator.comparingInt(each -> EditDistance.between(key, each)))
        .map(each -> "did you mean " + each + "?")
        .orElseGet(() -> "this version knows " + String.join(", ", known));
  }

  private static List<String> known(int brokerId) {
    List<String> known = new ArrayList<>();
    boolean cluster = brokerId == SettingsChange.CLUSTER;
    Arrays.stream(SettingKey.values())
        .filter(each -> cluster || each.level() == SettingKey.Level.BROKER)
        .forEach(each -> known.add(each.key()));
    if (cluster) {
      Arrays.stream(TopicConfigKey.values()).forEach(each -> known.add(each.key()));
    }
    return known;
  }

  private static Refusal invalid(String message, String hint) {
    return new Refusal(ErrorCode.INVALID_CONFIG, message, hint);
  }
}
