// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

/**
 * The steps that make a process more than an empty shell: the quorum member, the partitions, the
 * gRPC services. Kept apart so that the shell can be tested without them.
 */
@FunctionalInterface
public interface NodeServices {
  /**
   * Adds its steps. When it returns the node serves; readiness checks say when it serves well.
   *
   * @param steps what is opened through it is closed in reverse on shutdown
   * @param node configuration, identity, metrics
   * @throws Exception ends the start-up; what was opened is closed
   */
  void start(StartupSteps steps, NodeContext node) throws Exception;
}
