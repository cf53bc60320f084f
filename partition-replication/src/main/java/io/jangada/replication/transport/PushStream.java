// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.Uuids;
import io.jangada.internal.v1.Channel;
import io.jangada.internal.v1.DurableAck;
import io.jangada.internal.v1.FollowerMessage;
import io.jangada.internal.v1.Hello;
import io.jangada.internal.v1.Subscribe;
import io.jangada.internal.v1.SubscribeReply;
import io.jangada.replication.core.FollowerSession;
import io.jangada.replication.core.SubscribeAnswer;
import io.jangada.replication.loop.EventLoop;
import io.jangada.replication.loop.GuardedLoop;
import io.jangada.replication.metrics.ReplicationMetrics;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's end of one follower's stream. It sends at once when idle and gathers while the
 * network is busy. Lives on an event loop; gRPC's callbacks only enqueue.
 */
final class PushStream extends ServerCall.Listener<FollowerMessage> {
  private static final Logger log = LoggerFactory.getLogger(PushStream.class);

  /** High watermarks wait so long for batches that would carry them. */
  private static final long HIGH_WATERMARK_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long COLD_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Slices from disk that are read or wait to be sent; all that a slow follower pins. */
  private static final int COLD_SLOTS = 4;

  private static final int REQUESTED_MESSAGES = 16;

  private final GuardedLoop loop;
  private final ServerCall<FollowerMessage, LeaderFrame> call;
  private final Function<TopicIdPartition, Optional<? extends PushedPartition>> partitions;
  private final ReplicationMetrics metrics;
  private final Collection<PushStream> open;
  private final Map<Integer, PushSubscription> subscriptions = new HashMap<>();
  private final Deque<SubscribeReply> replies = new ArrayDeque<>();
  private final Deque<PushSubscription> withData = new ArrayDeque<>();
  private final Set<PushSubscription> withHighWatermark = new LinkedHashSet<>();
  private final Set<PushSubscription> awaitingColdSlot = new LinkedHashSet<>();
  private @Nullable Hello hello;
  private Channel channel = Channel.CHANNEL_LIVE;
  private long windowBytes;
  private long creditBytes;
  private volatile long unacknowledgedBytes;
  private int coldSlots = COLD_SLOTS;
  private boolean highWatermarksDue;
  private boolean highWatermarksScheduled;
  private boolean pumpScheduled;
  private boolean closed;

  PushStream(
      EventLoop loop,
      ServerCall<FollowerMessage, LeaderFrame> call,
      Function<TopicIdPartition, Optional<? extends PushedPartition>> partitions,
      ReplicationMetrics metrics,
      Collection<PushStream> open) {
    this.loop = new GuardedLoop(loop, this::defect);
    this.call = call;
    this.partitions = partitions;
    this.metrics = metrics;
    this.open = open;
  }

  /** Called once, by gRPC, before anything else. */
  void begin() {
    open.add(this);
    call.setOnReadyThreshold(ReplicateMethod.READY_THRESHOLD_BYTES);
    call.sendHeaders(new Metadata());
    call.request(REQUESTED_MESSAGES);
  }

  GuardedLoop loop() {
    return loop;
  }

  /** Batch bytes that the follower has not given credit back for. Any thread. */
  long unacknowledgedBytes() {
    return unacknowledgedBytes;
  }

  /** Ends the stream; the follower opens another. Any thread. */
  void shutDown(Status why) {
    loop.execute(() -> close(why));
  }

  // ---- gRPC's callbacks

  @Override
  public void onMessage(FollowerMessage message) {
    loop.execute(() -> received(message));
  }

  @Override
  public void onHalfClose() {
    loop.execute(() -> close(Status.OK));
  }

  @Override
  public void onCancel() {
    loop.execute(this::drop);
  }

  @Override
  public void onReady() {
    loop.execute(this::pump);
  }

  // ---- on the loop

  private void received(FollowerMessage message) {
    if (closed) {
      return;
    }
    if (message.hasHello() && hello == null) {
      hello = message.getHello();
      channel = hello.getChannel();
      windowBytes = hello.getCreditBytes();
      setCredit(windowBytes);
      log.info(
          "broker {} of epoch {} replicates from here: {}",
          hello.getBrokerId(),
          hello.getBrokerEpoch(),
          channel);
    }
    Hello from = hello;
    if (from == null) {
      close(Status.INVALID_ARGUMENT.withDescription("expected Hello first, but it is missing"));
      return;
    }
    for (int index : message.getUnsubscribeList()) {
      PushSubscription subscription = subscriptions.remove(index);
      if (subscription != null) {
        drop(subscription);
      }
    }
    for (Subscribe subscribe : message.getSubscribeList()) {
      subscribe(from, subscribe);
    }
    for (DurableAck ack : message.getAcksList()) {
      PushSubscription subscription = subscriptions.get(ack.getIndex());
      if (subscription != null) {
        subscription.partition().acked(subscription.follower(), ack.getDurableLeo());
      }
    }
    setCredit(creditBytes + message.getReturnedCreditBytes());
    call.request(1);
    schedulePump();
  }

  private void subscribe(Hello from, Subscribe subscribe) {
    TopicIdPartition id =
        new TopicIdPartition(Uuids.fromBytes(subscribe.getTopicId()), subscribe.getPartition());
    Optional<? extends PushedPartition> partition = partitions.apply(id);
    if (partition.isEmpty()) {
      replies.add(Replies.of(subscribe.getIndex(), new SubscribeAnswer.UnknownTopicId()));
      return;
    }
    FollowerSession follower =
        new FollowerSession(from.getBrokerId(), from.getBrokerEpoch(), subscribe.getSession());
    PushSubscription subscription =
        new PushSubscription(this, subscribe.getIndex(), partition.get(), follower);
    subscriptions.put(subscribe.getIndex(), subscription);
    partition
        .get()
        .subscribed(
            follower,
            id.topicId(),
            subscribe.getLeaderEpoch(),
            subscribe.getFromOffset(),
            subscribe.getLastEpoch(),
            subscription);
  }

  void reply(PushSubscription subscription, SubscribeAnswer answer) {
    if (closed || !subscriptions.containsKey(subscription.index())) {
      return;
    }
    if (!(answer instanceof SubscribeAnswer.Ok)) {
      subscriptions.remove(subscription.index());
    }
    replies.add(Replies.of(subscription.index(), answer));
    schedulePump();
  }

  void ended(PushSubscription subscription) {
    subscription.release();
    if (!closed && subscriptions.remove(subscription.index()) != null) {
      replies.add(Replies.ended(subscription.index()));
      schedulePump();
    }
  }

  /** Has the follower subscribe on the other channel, from where it is when this arrives. */
  void move(PushSubscription subscription, Channel to) {
    subscription.release();
    subscriptions.remove(subscription.index());
    subscription.partition().gone(subscription.follower());
    metrics.moved(to == Channel.CHANNEL_CATCH_UP);
    replies.add(Replies.moved(subscription.index(), to));
    schedulePump();
  }

  /** What this stream carries. */
  Channel channel() {
    return channel;
  }

  void advanced(PushSubscription subscription) {
    subscription.heard();
    if (closed || !subscription.active()) {
      return;
    }
    enqueue(subscription);
    withHighWatermark.add(subscription);
    schedulePump();
  }

  private void enqueue(PushSubscription subscription) {
    if (subscription.hasData() && !subscription.queued()) {
      subscription.queued(true);
      withData.add(subscription);
    }
  }

  boolean takeColdSlot(PushSubscription subscription) {
    if (coldSlots == 0) {
      awaitingColdSlot.add(subscription);
      return false;
    }
    coldSlots--;
    return true;
  }

  void coldSlotFree() {
    coldSlots++;
    // All of them: the first may have been stopped, or find what it wants in memory.
    awaitingColdSlot.forEach(this::enqueue);
    awaitingColdSlot.clear();
    schedulePump();
  }

  /** Has the disk read; false if that has to be tried again, which is seen to. */
  boolean readCold(PushSubscription subscription, long offset) {
    try {
      subscription
          .partition()
          .readCold(
              offset,
              ReplicateMethod.FRAME_BYTES,
              read -> loop.execute(() -> coldRead(subscription, read)));
      return true;
    } catch (JangadaException e) {
      loop.schedule(COLD_RETRY_NANOS, () -> advanced(subscription));
      return false;
    }
  }

  private void coldRead(PushSubscription subscription, PushedPartition.ColdRead read) {
    switch (read) {
      case PushedPartition.ColdRead.Done done -> {
        subscription.coldRead(done.slice());
        advanced(subscription);
      }
      case PushedPartition.ColdRead.Failed failed -> {
        log.warn("cannot read for broker {}", subscription.follower(), failed.cause());
        ended(subscription);
        subscription.partition().gone(subscription.follower());
      }
    }
  }

  private void setCredit(long bytes) {
    creditBytes = Math.min(windowBytes, bytes);
    unacknowledgedBytes = windowBytes - creditBytes;
  }

  private void schedulePump() {
    if (!pumpScheduled) {
      pumpScheduled = true;
      loop.afterDrain(this::pump);
    }
  }

  private void pump() {
    pumpScheduled = false;
    while (!closed && call.isReady()) {
      FrameBuilder frame = new FrameBuilder();
      fillReplies(frame);
      fillData(frame);
      fillHighWatermarks(frame);
      if (frame.isEmpty()) {
        return;
      }
      setCredit(creditBytes - frame.batchBytes());
      metrics.pushed(frame.batchBytes());
      call.sendMessage(frame.build());
    }
  }

  private void fillReplies(FrameBuilder frame) {
    while (!replies.isEmpty() && !frame.isFull()) {
      frame.add(replies.poll());
    }
  }

  private void fillData(FrameBuilder frame) {
    // Each once and then again behind the others, so that none starves.
    for (int left = withData.size(); left > 0 && !frame.isFull(); left--) {
      if (frame.roomBytes() <= 0 || creditBytes - frame.batchBytes() <= 0) {
        return;
      }
      PushSubscription subscription = withData.remove();
      subscription.queued(false);
      if (subscription.hasData() && subscription.fill(frame)) {
        enqueue(subscription);
      } else if (subscription.isHeld()) {
        subscription.queued(true);
        withData.addFirst(subscription);
        return;
      }
    }
  }

  private void fillHighWatermarks(FrameBuilder frame) {
    withHighWatermark.removeIf(subscription -> !subscription.highWatermarkMoved());
    if (withHighWatermark.isEmpty()) {
      highWatermarksDue = false;
      return;
    }
    if (!frame.hasBatches() && !highWatermarksDue) {
      scheduleHighWatermarks();
      return;
    }
    var moved = withHighWatermark.iterator();
    while (moved.hasNext() && !frame.isFull()) {
      moved.next().fillHighWatermark(frame);
      moved.remove();
    }
    highWatermarksDue = !withHighWatermark.isEmpty();
  }

  private void scheduleHighWatermarks() {
    if (!highWatermarksScheduled) {
      highWatermarksScheduled = true;
      loop.schedule(
          HIGH_WATERMARK_DELAY_NANOS,
          () -> {
            highWatermarksScheduled = false;
            highWatermarksDue = true;
            pump();
          });
    }
  }

  /** Nothing outlives a stream: the follower opens another, and subscribes anew. */
  private void defect(RuntimeException e) {
    log.error("a defect in the {} stream to {}; it is closed", channel, hello, e);
    metrics.defect("push-stream");
    close(Status.INTERNAL.withDescription("a defect: " + e));
  }

  private void close(Status status) {
    if (!closed) {
      drop();
      call.close(status, new Metadata());
    }
  }

  private void drop() {
    if (closed) {
      return;
    }
    closed = true;
    open.remove(this);
    for (PushSubscription subscription : subscriptions.values()) {
      drop(subscription);
    }
    subscriptions.clear();
    withData.clear();
    withHighWatermark.clear();
    awaitingColdSlot.clear();
    Hello from = hello;
    if (from != null) {
      log.info("broker {} no longer replicates from here: {}", from.getBrokerId(), channel);
    }
  }

  private static void drop(PushSubscription subscription) {
    subscription.release();
    subscription.partition().gone(subscription.follower());
  }
}
