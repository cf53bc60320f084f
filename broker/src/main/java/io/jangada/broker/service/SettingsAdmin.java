// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerAnswer.Done;
import io.jangada.metadata.command.ControllerAnswer.SettingsAltered;
import io.jangada.metadata.command.ControllerRequest.AlterSettings;
import io.jangada.metadata.command.ControllerRequest.RemoveBroker;
import io.jangada.metadata.command.ControllerRequest.SetFeatureLevel;
import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Changes what holds for the cluster as a whole, through the quorum leader; answers when this
 * broker sees the change itself. Thread-safe.
 */
public final class SettingsAdmin {
  private final ControllerRequests requests;

  /** Sends to the controller, waits on the metadata here. */
  public SettingsAdmin(ControllerGateway controller, ClusterMetadata metadata) {
    this(controller, metadata, MetadataVisibility.HERE);
  }

  /** The same, and waits a moment for the other brokers too. */
  public SettingsAdmin(
      ControllerGateway controller, ClusterMetadata metadata, MetadataVisibility visibility) {
    this.requests = new ControllerRequests(controller, metadata, visibility);
  }

  /** Changes settings, or only says whether it would; each change has its own result. */
  public CompletableFuture<SettingsAltered> alter(
      List<SettingsChange> changes, boolean validateOnly) {
    return requests.submit(
        new AlterSettings(changes, validateOnly),
        answer -> answer instanceof SettingsAltered altered ? altered : null);
  }

  /** Forgets a broker, or only says whether it would. */
  public CompletableFuture<Done> removeBroker(int brokerId, boolean validateOnly) {
    return requests.submit(
        new RemoveBroker(brokerId, validateOnly),
        (ControllerAnswer answer) -> answer instanceof Done done ? done : null);
  }

  /** Raises the feature level, or only says whether it would. */
  public CompletableFuture<Done> setFeatureLevel(int level, boolean validateOnly) {
    return requests.submit(
        new SetFeatureLevel(level, validateOnly),
        (ControllerAnswer answer) -> answer instanceof Done done ? done : null);
  }
}
