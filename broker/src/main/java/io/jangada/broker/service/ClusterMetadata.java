// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What this broker knows of the cluster: an image that only moves forward. Thread-safe. */
public interface ClusterMetadata {

  /** The newest image. */
  MetadataImage image();

  /**
   * Calls the listener after each change, in order, on the metadata thread: it has to return soon.
   *
   * @return ends the listening
   */
  Listening listen(Consumer<MetadataDelta> listener);

  /**
   * Completes when the image has reached the index: what was decided at that index is then visible
   * here.
   */
  CompletableFuture<Void> reached(long index);

  /** A listener's registration; may be closed more than once. */
  interface Listening extends AutoCloseable {
    @Override
    void close();
  }
}
