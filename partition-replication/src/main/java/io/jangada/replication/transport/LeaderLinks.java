// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.PartitionEffect;
import io.jangada.replication.loop.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The follower's ends of the streams, one for each leading broker. Thread-safe; calls only enqueue.
 */
public final class LeaderLinks {
  private final int brokerId;
  private final EventLoop loop;
  private final IntFunction<Optional<String>> addresses;
  private final long creditBytes;
  private final Map<Integer, LeaderLink> links = new HashMap<>();
  private final Map<TopicIdPartition, LinkSubscription> subscriptions = new HashMap<>();
  private long brokerEpoch = -1;
  private boolean closed;

  /**
   * No streams at first.
   *
   * @param loop on which the streams live
   * @param addresses of brokers' gRPC listeners; asked on the loop
   * @param creditBytes unacknowledged bytes on one stream
   */
  public LeaderLinks(
      int brokerId, EventLoop loop, IntFunction<Optional<String>> addresses, long creditBytes) {
    this.brokerId = brokerId;
    this.loop = loop;
    this.addresses = addresses;
    this.creditBytes = creditBytes;
  }

  /** This process is registered under that epoch: streams opened under another one are dropped. */
  public void brokerEpoch(long epoch) {
    loop.execute(
        () -> {
          if (epoch != brokerEpoch) {
            brokerEpoch = epoch;
            dropAll("registered under broker epoch " + epoch);
          }
        });
  }

  /** Subscribes, in place of an earlier subscription of the partition. */
  public void subscribe(FollowingPartition partition, PartitionEffect.Subscribe subscribe) {
    loop.execute(
        () -> {
          drop(partition.partition());
          if (closed) {
            partition.lost(subscribe.session());
            return;
          }
          LeaderLink link =
              links.computeIfAbsent(
                  subscribe.leaderId(), id -> new LeaderLink(id, loop, addresses, this::forget));
          LinkSubscription subscription = new LinkSubscription(partition, subscribe, link);
          subscriptions.put(partition.partition(), subscription);
          link.subscribe(subscription, brokerId, brokerEpoch, creditBytes);
        });
  }

  /** Ends that subscription. */
  public void unsubscribe(TopicIdPartition partition, long session) {
    loop.execute(
        () -> {
          LinkSubscription subscription = subscriptions.get(partition);
          if (subscription != null && subscription.session() == session) {
            drop(partition);
          }
        });
  }

  /** Tells the leader how far the log is durable here. */
  public void ack(TopicIdPartition partition, long session, long durableLeo) {
    loop.execute(
        () -> {
          LinkSubscription subscription = subscriptions.get(partition);
          if (subscription != null && subscription.session() == session) {
            subscription.link().ack(subscription, durableLeo);
          }
        });
  }

  /** Closes all streams. */
  public void close() {
    loop.execute(
        () -> {
          closed = true;
          dropAll("the broker is shutting down");
        });
  }

  private void dropAll(String why) {
    links.values().forEach(link -> link.close(why));
    links.clear();
    subscriptions.clear();
  }

  private void drop(TopicIdPartition partition) {
    LinkSubscription subscription = subscriptions.remove(partition);
    if (subscription != null) {
      subscription.link().unsubscribe(subscription);
    }
  }

  /** The link has ended the subscription by itself. */
  private void forget(LinkSubscription subscription) {
    subscriptions.remove(subscription.partition().partition(), subscription);
  }
}
