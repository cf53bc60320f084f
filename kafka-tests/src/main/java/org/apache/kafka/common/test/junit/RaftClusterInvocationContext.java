// SPDX-License-Identifier: Apache-2.0
package org.apache.kafka.common.test.junit;

import io.jangada.kafkatests.suite.TestedCluster;
import java.util.List;
import org.apache.kafka.common.test.api.ClusterConfig;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;

/**
 * What Kafka's extension makes for each test that asks for a cluster: before Kafka's class of this
 * name on the class path, it gives the test a {@link TestedCluster} instead of a Kafka in this
 * process.
 */
public final class RaftClusterInvocationContext implements TestTemplateInvocationContext {
  private final String name;
  private final ClusterConfig config;
  private final boolean combined;

  /** As Kafka's extension calls it. */
  public RaftClusterInvocationContext(String name, ClusterConfig config, boolean combined) {
    this.name = name;
    this.config = config;
    this.combined = combined;
  }

  @Override
  public String getDisplayName(int invocationIndex) {
    return "%s [%d]".formatted(name, invocationIndex);
  }

  @Override
  public List<Extension> getAdditionalExtensions() {
    TestedCluster cluster = new TestedCluster(config, combined);
    return List.of(
        (BeforeEachCallback)
            context -> {
              if (config.isAutoStart()) {
                cluster.start();
              }
            },
        (AfterTestExecutionCallback) context -> cluster.stop(),
        new ClusterInstanceParameterResolver(cluster));
  }
}
