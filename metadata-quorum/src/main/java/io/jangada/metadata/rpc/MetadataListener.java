// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;

/**
 * Told of every change, in order, on one thread ({@code jangada-metadata-apply-<node>}). Must not
 * block for long: the next change waits. An exception is logged and the next change is delivered.
 */
@FunctionalInterface
public interface MetadataListener {
  /**
   * The metadata moved on.
   *
   * @param delta what changed; after a gap it leads from the last image to a snapshot
   * @param image the same as {@code delta.after()}
   */
  void onMetadata(MetadataDelta delta, MetadataImage image);

  /**
   * Everything up to an index is applied here: after each change, and within milliseconds of an
   * entry that changed nothing (so that whoever waits for a refusal's index gets there).
   */
  default void onAdvanced(long index) {}
}
