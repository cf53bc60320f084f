// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.image;

import io.jangada.common.TopicIdPartition;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What a record is about: the key under which a store keeps it. Keys have a fixed width in each
 * table and are big-endian, so that their order as unsigned bytes groups a topic's partitions.
 */
public sealed interface EntityKey {
  /** The tables of a store, one for each kind of entity. Load them in this order. */
  enum Table {
    CLUSTER,
    QUORUM_MEMBERS,
    BROKERS,
    TOPICS,
    PARTITIONS,
    SETTINGS
  }

  /** The facts there is one of; each is a row of the cluster's table. */
  enum ClusterFact {
    IDENTITY,
    CONTROLLER,
    FEATURE_LEVEL,
    PRODUCER_IDS
  }

  /** Where it is kept. */
  Table table();

  /** The key inside its table: a new array. */
  byte[] bytes();

  /** One fact of the cluster. */
  record OfCluster(ClusterFact fact) implements EntityKey {
    @Override
    public Table table() {
      return Table.CLUSTER;
    }

    @Override
    public byte[] bytes() {
      // Not the ordinal: rows outlive the order of declaration.
      byte number =
          switch (fact) {
            case IDENTITY -> 1;
            case CONTROLLER -> 2;
            case FEATURE_LEVEL -> 3;
            case PRODUCER_IDS -> 4;
          };
      return new byte[] {number};
    }
  }

  /** A voter. */
  record OfQuorumMember(int nodeId) implements EntityKey {
    @Override
    public Table table() {
      return Table.QUORUM_MEMBERS;
    }

    @Override
    public byte[] bytes() {
      return ByteBuffer.allocate(Integer.BYTES).putInt(nodeId).array();
    }
  }

  /** A broker. */
  record OfBroker(int brokerId) implements EntityKey {
    @Override
    public Table table() {
      return Table.BROKERS;
    }

    @Override
    public byte[] bytes() {
      return ByteBuffer.allocate(Integer.BYTES).putInt(brokerId).array();
    }
  }

  /** A topic without its partitions. */
  record OfTopic(UUID topicId) implements EntityKey {
    @Override
    public Table table() {
      return Table.TOPICS;
    }

    @Override
    public byte[] bytes() {
      return ByteBuffer.allocate(2 * Long.BYTES)
          .putLong(topicId.getMostSignificantBits())
          .putLong(topicId.getLeastSignificantBits())
          .array();
    }
  }

  /** The settings of a broker, or of the cluster. */
  record OfSettings(int brokerId) implements EntityKey {
    @Override
    public Table table() {
      return Table.SETTINGS;
    }

    @Override
    public byte[] bytes() {
      return ByteBuffer.allocate(Integer.BYTES).putInt(brokerId).array();
    }
  }

  /** A partition. */
  record OfPartition(TopicIdPartition partition) implements EntityKey {
    @Override
    public Table table() {
      return Table.PARTITIONS;
    }

    @Override
    public byte[] bytes() {
      return ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
          .put(new OfTopic(partition.topicId()).bytes())
          .putInt(partition.partition())
          .array();
    }
  }
}
