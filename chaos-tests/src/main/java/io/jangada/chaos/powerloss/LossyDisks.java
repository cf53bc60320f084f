// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.powerloss;

import io.jangada.chaos.live.Disks;
import io.jangada.chaos.lossy.LossyFileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A lossy file system under the whole data directory of each node. */
public final class LossyDisks implements Disks {
  private final Map<Integer, LossyFileSystem> byNode = new TreeMap<>();
  private final boolean allowDirect;
  private final boolean strictNames;

  /**
   * None yet.
   *
   * @param allowDirect whether files may be opened with O_DIRECT
   * @param strictNames whether a name is durable only when its directory was synced
   */
  public LossyDisks(boolean allowDirect, boolean strictNames) {
    this.allowDirect = allowDirect;
    this.strictNames = strictNames;
  }

  @Override
  public void prepare(int node, Path dataDirectory) throws IOException, InterruptedException {
    LossyFileSystem disk = LossyFileSystem.mount(dataDirectory);
    byNode.put(node, disk);
    disk.allowDirect(allowDirect);
    disk.strictNames(strictNames);
  }

  /** Brokers do not trust O_DIRECT on FUSE; here they may. */
  @Override
  public List<String> javaOptions() {
    return List.of("-Djangada.test.direct-on-fuse=true");
  }

  /** The disk of a node. */
  public LossyFileSystem of(int node) {
    LossyFileSystem disk = byNode.get(node);
    if (disk == null) {
      throw new IllegalStateException("node " + node + " has no disk");
    }
    return disk;
  }

  /** The sums of what the disks counted. */
  public Map<String, Long> counters() throws IOException {
    Map<String, Long> sums = new TreeMap<>();
    for (LossyFileSystem disk : byNode.values()) {
      disk.counters().forEach((name, count) -> sums.merge(name, count, Long::sum));
    }
    return sums;
  }

  @Override
  public void close() throws IOException {
    for (LossyFileSystem disk : new ArrayList<>(byNode.values())) {
      disk.close();
    }
  }
}
