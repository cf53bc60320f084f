// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the nodes of a local cluster keep their data on. For one thread. */
public interface Disks extends AutoCloseable {
  /** The machine's own. */
  Disks OF_THE_MACHINE =
      new Disks() {
        @Override
        public void prepare(int node, Path dataDirectory) {}

        @Override
        public void close() {}
      };

  /**
   * Called once for each node before it is formatted.
   *
   * @param dataDirectory does not exist yet; its parent does
   */
  void prepare(int node, Path dataDirectory) throws IOException, InterruptedException;

  /** Options that the nodes' JVMs need on these disks. */
  default List<String> javaOptions() {
    return List.of();
  }

  /** Called when no process of the cluster runs any more, before its files are removed. */
  @Override
  void close() throws IOException;
}
