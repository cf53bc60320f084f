// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.admin;

import io.jangada.api.v1.AlterConfigsRequest;
import io.jangada.api.v1.AlterConfigsResult;
import io.jangada.api.v1.ClusterConfigScope;
import io.jangada.api.v1.ConfigDescription;
import io.jangada.api.v1.TopicRef;
import io.jangada.client.ConfigChange;
import io.jangada.client.ConfigEntry;
import io.jangada.client.ConfigScope;
import io.jangada.client.ConfigSource;
import io.jangada.client.Outcome;
import io.jangada.wire.WireErrors;
import java.util.List;

/** Configurations on the wire. */
final class ConfigMapping {
  private ConfigMapping() {}

  static io.jangada.api.v1.ConfigScope toWire(ConfigScope scope) {
    io.jangada.api.v1.ConfigScope.Builder wire = io.jangada.api.v1.ConfigScope.newBuilder();
    // Not a switch: Java 17 has no patterns there.
    if (scope instanceof ConfigScope.Broker broker) {
      wire.setBrokerId(broker.id());
    } else if (scope instanceof ConfigScope.Topic topic) {
      wire.setTopic(TopicRef.newBuilder().setName(topic.name()));
    } else {
      wire.setCluster(ClusterConfigScope.getDefaultInstance());
    }
    return wire.build();
  }

  static AlterConfigsRequest toWire(Iterable<ConfigChange> changes, boolean validateOnly) {
    AlterConfigsRequest.Builder request =
        AlterConfigsRequest.newBuilder().setValidateOnly(validateOnly);
    for (ConfigChange change : changes) {
      request
          .addChangesBuilder()
          .setScope(toWire(change.scope()))
          .putAllSet(change.set())
          .addAllUnset(change.unset());
    }
    return request.build();
  }

  static Outcome<List<ConfigEntry>> described(ConfigScope scope, ConfigDescription description) {
    return description.hasError()
        ? new Outcome<>(scope.toString(), null, WireErrors.fromWire(description.getError()))
        : new Outcome<>(
            scope.toString(),
            description.getEntriesList().stream().map(ConfigMapping::entry).toList(),
            null);
  }

  static Outcome<ConfigScope> altered(ConfigScope scope, AlterConfigsResult result) {
    return result.hasError()
        ? new Outcome<>(scope.toString(), null, WireErrors.fromWire(result.getError()))
        : new Outcome<>(scope.toString(), scope, null);
  }

  private static ConfigEntry entry(io.jangada.api.v1.ConfigEntry entry) {
    return new ConfigEntry(
        entry.getKey(),
        entry.getValue(),
        source(entry.getSource()),
        entry.getDefaultValue(),
        entry.getSynonymsList().stream()
            .map(each -> new ConfigEntry.Synonym(each.getValue(), source(each.getSource())))
            .toList(),
        entry.getChangeable(),
        entry.getFixedBecause(),
        entry.getExpected(),
        entry.getMeaning());
  }

  private static ConfigSource source(io.jangada.api.v1.ConfigSource source) {
    return switch (source) {
      case CONFIG_SOURCE_DEFAULT -> ConfigSource.DEFAULT;
      case CONFIG_SOURCE_NODE -> ConfigSource.NODE;
      case CONFIG_SOURCE_CLUSTER -> ConfigSource.CLUSTER;
      case CONFIG_SOURCE_BROKER -> ConfigSource.BROKER;
      case CONFIG_SOURCE_TOPIC -> ConfigSource.TOPIC;
      case CONFIG_SOURCE_UNSPECIFIED, UNRECOGNIZED -> ConfigSource.UNKNOWN;
    };
  }
}
