// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What there is one of in a cluster. Immutable.
 *
 * @param clusterId null until the cluster is formatted
 * @param historyId of this history of the cluster; null until it is formatted
 * @param featureLevel the level in force; 0 until it is formatted
 * @param controller who controls it
 * @param nextProducerId the first producer id that was never given away
 */
public record ClusterImage(
    @Nullable UUID clusterId,
    @Nullable UUID historyId,
    int featureLevel,
    ControllerImage controller,
    long nextProducerId) {
  static final ClusterImage EMPTY = new ClusterImage(null, null, 0, ControllerImage.NONE, 0);

  ClusterImage formatted(UUID cluster, UUID history) {
    return new ClusterImage(cluster, history, featureLevel, controller, nextProducerId);
  }

  ClusterImage withFeatureLevel(int level) {
    return new ClusterImage(clusterId, historyId, level, controller, nextProducerId);
  }

  ClusterImage withController(ControllerImage newController) {
    return new ClusterImage(clusterId, historyId, featureLevel, newController, nextProducerId);
  }

  ClusterImage withNextProducerId(long next) {
    return new ClusterImage(clusterId, historyId, featureLevel, controller, next);
  }
}
