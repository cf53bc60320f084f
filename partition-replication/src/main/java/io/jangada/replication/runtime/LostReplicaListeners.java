// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Tells listeners of lost replicas; whoever comes late hears of the earlier ones. Thread-safe. */
final class LostReplicaListeners {
  private final List<LostReplicas> losses = new ArrayList<>();
  private final List<Consumer<LostReplicas>> listeners = new ArrayList<>();

  void add(Consumer<LostReplicas> listener) {
    List<LostReplicas> before;
    synchronized (this) {
      listeners.add(listener);
      before = List.copyOf(losses);
    }
    before.forEach(listener);
  }

  void lost(LostReplicas loss) {
    List<Consumer<LostReplicas>> told;
    synchronized (this) {
      losses.add(loss);
      told = List.copyOf(listeners);
    }
    told.forEach(listener -> listener.accept(loss));
  }
}
