// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest image, and who wants to hear of the next one. {@code advance} is called by the
 * metadata thread alone; everything else by anyone.
 */
final class LiveMetadata implements ClusterMetadata {
  private static final Logger log = LoggerFactory.getLogger(LiveMetadata.class);

  private final List<Consumer<MetadataDelta>> listeners = new CopyOnWriteArrayList<>();
  private final ConcurrentNavigableMap<Long, CompletableFuture<Void>> waiting =
      new ConcurrentSkipListMap<>();
  private volatile MetadataImage image = MetadataImage.EMPTY;

  /** The metadata has changed; listeners are called before this returns. */
  void advance(MetadataDelta delta) {
    image = delta.after();
    for (Consumer<MetadataDelta> listener : listeners) {
      try {
        listener.accept(delta);
      } catch (RuntimeException e) {
        log.error("A listener failed at metadata index {}", delta.after().index(), e);
      }
    }
    completeReached();
  }

  /** The metadata has reached an index without a change. */
  void advance(long index) {
    image = image.withIndex(index);
    completeReached();
  }

  @Override
  public MetadataImage image() {
    return image;
  }

  @Override
  public Listening listen(Consumer<MetadataDelta> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public CompletableFuture<Void> reached(long index) {
    CompletableFuture<Void> reached =
        waiting.computeIfAbsent(index, each -> new CompletableFuture<>());
    // The image may have got there before the future was put where advance looks.
    completeReached();
    return reached;
  }

  private void completeReached() {
    long reached = image.index();
    while (true) {
      Map.Entry<Long, CompletableFuture<Void>> first = waiting.firstEntry();
      if (first == null || first.getKey() > reached) {
        return;
      }
      waiting.remove(first.getKey(), first.getValue());
      first.getValue().complete(null);
    }
  }
}
