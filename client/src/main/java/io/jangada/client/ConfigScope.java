// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

/** What a configuration belongs to. Immutable. */
public sealed interface ConfigScope {
  /** What holds wherever a topic or a broker has nothing of its own. */
  record Cluster() implements ConfigScope {
    @Override
    public String toString() {
      return "cluster";
    }
  }

  /**
   * One broker.
   *
   * @param id at least 1
   */
  record Broker(int id) implements ConfigScope {
    @Override
    public String toString() {
      return "broker " + id;
    }
  }

  /** One topic: described here, changed by {@link Admin#alterTopicConfigs}. */
  record Topic(String name) implements ConfigScope {
    @Override
    public String toString() {
      return "topic " + name;
    }
  }

  /** The cluster. */
  static ConfigScope cluster() {
    return new Cluster();
  }

  /** The broker with that id. */
  static ConfigScope broker(int id) {
    return new Broker(id);
  }

  /** The topic of that name. */
  static ConfigScope topic(String name) {
    return new Topic(name);
  }
}
