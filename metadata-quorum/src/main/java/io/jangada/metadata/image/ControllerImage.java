// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

/**
 * Who controls the cluster.
 *
 * @param nodeId the node, or {@link #NOBODY}
 * @param epoch the index of the entry by which it claimed the role; 0 before the first
 */
public record ControllerImage(int nodeId, long epoch) {
  /** The node id before the first claim. */
  public static final int NOBODY = -1;

  /** Before the first claim. */
  public static final ControllerImage NONE = new ControllerImage(NOBODY, 0);
}
