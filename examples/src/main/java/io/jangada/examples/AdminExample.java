// SPDX-License-Identifier: Apache-2.0
package io.jangada.examples;

import io.jangada.client.Admin;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.Outcome;
import io.jangada.client.TopicDescription;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.List;
import java.util.Map;

/** Creates a topic and looks at it and the cluster: {@code AdminExample BOOTSTRAP TOPIC}. */
public final class AdminExample {
  /** The cluster's: three replicas where there are three brokers. */
  private static final int DEFAULT = 0;

  private AdminExample() {}

  public static void main(String[] args) {
    String topic = args[1];
    try (JangadaClient client = JangadaClient.connect(ClientConfig.of(args[0]))) {
      Admin admin = client.admin();
      int brokers = admin.listBrokers().size();
      try {
        admin.createTopic(new NewTopic(topic, 3, DEFAULT, Map.of()));
        System.out.println("created " + topic);
      } catch (JangadaException e) {
        if (e.code() != ErrorCode.TOPIC_ALREADY_EXISTS) {
          throw e;
        }
        System.out.println(topic + " exists");
      }

      for (Outcome<TopicDescription> outcome : admin.describeTopics(List.of(topic))) {
        outcome
            .orThrow()
            .partitions()
            .forEach(
                partition ->
                    System.out.println(
                        topic + " " + partition.partition() + ": leader " + partition.leader()));
      }
      System.out.println(brokers + " brokers, quorum leader " + admin.describeQuorum().leaderId());
    }
  }
}
