// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.common.JangadaException;
import io.jangada.common.Uuids;
import io.jangada.internal.v1.Channel;
import io.jangada.internal.v1.DurableAck;
import io.jangada.internal.v1.FollowerMessage;
import io.jangada.internal.v1.Hello;
import io.jangada.internal.v1.Section;
import io.jangada.internal.v1.Subscribe;
import io.jangada.internal.v1.SubscribeReply;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.PartitionEffect;
import io.jangada.replication.core.SubscribeAnswer;
import io.jangada.replication.loop.EventLoop;
import io.jangada.replication.loop.GuardedLoop;
import io.netty.channel.ChannelOption;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The follower's end of one stream to a leading broker. Opened by the first subscription; when it
 * breaks, all subscriptions are lost, and whoever subscribes again opens it again. Lives on an
 * event loop; gRPC's callbacks only enqueue.
 */
final class LeaderLink {
  private static final Logger log = LoggerFactory.getLogger(LeaderLink.class);
  private static final int CONNECT_TIMEOUT_MS = 1_000;
  private static final int MAX_INBOUND_BYTES = 4 << 20;
  private static final int REQUESTED_FRAMES = 4;

  private final int leaderId;
  private final Channel carries;
  private final GuardedLoop loop;
  private final IntFunction<Optional<String>> addresses;
  private final LeaderLinks owner;
  private final Map<Integer, LinkSubscription> subscriptions = new HashMap<>();
  private final Map<Integer, Long> dueAcks = new LinkedHashMap<>();
  private final FollowerMessage.Builder due = FollowerMessage.newBuilder();
  private @Nullable ManagedChannel channel;
  private String channelAddress = "";
  private @Nullable ClientCall<FollowerMessage, LeaderFrame> call;
  private long streamSession;
  private int lastIndex;
  private boolean greeted;
  private boolean flushScheduled;

  LeaderLink(
      int leaderId,
      Channel carries,
      EventLoop loop,
      IntFunction<Optional<String>> addresses,
      LeaderLinks owner) {
    this.leaderId = leaderId;
    this.carries = carries;
    this.loop = new GuardedLoop(loop, this::defect);
    this.addresses = addresses;
    this.owner = owner;
  }

  void subscribe(LinkSubscription subscription, int brokerId, long brokerEpoch, long creditBytes) {
    if (call == null && !open(brokerId, brokerEpoch, creditBytes)) {
      owner.forget(subscription);
      subscription.partition().lost(subscription.session());
      return;
    }
    lastIndex++;
    subscription.index(lastIndex);
    subscriptions.put(lastIndex, subscription);
    PartitionEffect.Subscribe subscribe = subscription.subscribe();
    due.addSubscribe(
        Subscribe.newBuilder()
            .setIndex(lastIndex)
            .setTopicId(Uuids.toBytes(subscription.partition().partition().topicId()))
            .setPartition(subscription.partition().partition().partition())
            .setSession(subscribe.session())
            .setLeaderEpoch(subscribe.leaderEpoch())
            .setFromOffset(subscribe.fromOffset())
            .setLastEpoch(subscribe.lastEpoch()));
    scheduleFlush();
  }

  void unsubscribe(LinkSubscription subscription) {
    if (subscriptions.remove(subscription.index(), subscription)) {
      dueAcks.remove(subscription.index());
      due.addUnsubscribe(subscription.index());
      scheduleFlush();
    }
  }

  void ack(LinkSubscription subscription, long durableLeo) {
    if (subscriptions.get(subscription.index()) == subscription) {
      dueAcks.put(subscription.index(), durableLeo);
      scheduleFlush();
    }
  }

  /** Ends the stream and the connection; the subscriptions are lost. */
  void close(String why) {
    ClientCall<FollowerMessage, LeaderFrame> open = call;
    if (open != null) {
      open.cancel(why, null);
    }
    lost(Status.CANCELLED.withDescription(why));
    ManagedChannel connection = channel;
    if (connection != null) {
      connection.shutdownNow();
      channel = null;
    }
  }

  private void defect(RuntimeException e) {
    log.error("a defect in the {} stream to leader {}; it is closed", carries, leaderId, e);
    owner.metrics().defect("leader-link");
    close("a defect: " + e);
  }

  private boolean open(int brokerId, long brokerEpoch, long creditBytes) {
    Optional<String> address = addresses.apply(leaderId);
    if (address.isEmpty()) {
      return false;
    }
    ManagedChannel connection = channelTo(address.get());
    // Without this gRPC would wait, after a failure, for a backoff of its own.
    connection.resetConnectBackoff();
    streamSession++;
    CallOptions options =
        CallOptions.DEFAULT.withOnReadyThreshold(ReplicateMethod.READY_THRESHOLD_BYTES);
    ClientCall<FollowerMessage, LeaderFrame> opened =
        connection.newCall(ReplicateMethod.DESCRIPTOR, options);
    call = opened;
    greeted = false;
    due.clear();
    dueAcks.clear();
    due.setHello(
        Hello.newBuilder()
            .setBrokerId(brokerId)
            .setBrokerEpoch(brokerEpoch)
            .setSession(streamSession)
            .setCreditBytes(creditBytes)
            .setChannel(carries));
    opened.start(new Listener(streamSession), new Metadata());
    opened.request(REQUESTED_FRAMES);
    return true;
  }

  private ManagedChannel channelTo(String address) {
    ManagedChannel current = channel;
    if (current != null && address.equals(channelAddress)) {
      return current;
    }
    if (current != null) {
      current.shutdownNow();
    }
    ManagedChannel fresh =
        NettyChannelBuilder.forTarget(address)
            .usePlaintext()
            .directExecutor()
            .disableRetry()
            .maxInboundMessageSize(MAX_INBOUND_BYTES)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
            .build();
    channel = fresh;
    channelAddress = address;
    return fresh;
  }

  /** gRPC's callbacks for one stream. */
  private final class Listener extends ClientCall.Listener<LeaderFrame> {
    private final long session;

    Listener(long session) {
      this.session = session;
    }

    @Override
    public void onMessage(LeaderFrame frame) {
      loop.execute(() -> received(session, frame));
    }

    @Override
    public void onReady() {
      loop.execute(LeaderLink.this::flush);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      loop.execute(
          () -> {
            if (session == streamSession) {
              lost(status);
            }
          });
    }
  }

  private void received(long session, LeaderFrame frame) {
    ClientCall<FollowerMessage, LeaderFrame> open = call;
    if (session != streamSession || open == null) {
      return;
    }
    for (SubscribeReply reply : frame.head().getRepliesList()) {
      answered(reply);
    }
    ByteBuffer batches =
        frame.batches().isEmpty() ? ByteBuffer.allocate(0) : frame.batches().getFirst();
    for (Section section : frame.head().getSectionsList()) {
      if (section.getLength() < 0 || section.getLength() > batches.remaining()) {
        open.cancel("expected sections within the frame", null);
        lost(Status.INTERNAL.withDescription("a section is longer than its frame"));
        return;
      }
      ByteBuffer bytes = batches.slice(batches.position(), section.getLength());
      batches.position(batches.position() + section.getLength());
      replicated(section, bytes);
    }
    open.request(1);
  }

  private void answered(SubscribeReply reply) {
    LinkSubscription subscription = subscriptions.get(reply.getIndex());
    if (subscription == null) {
      return;
    }
    Optional<SubscribeAnswer> answer = Replies.parse(reply);
    if (answer.isPresent() && answer.get() instanceof SubscribeAnswer.Ok) {
      subscription.partition().answered(subscription.session(), answer.get());
      return;
    }
    subscriptions.remove(reply.getIndex());
    dueAcks.remove(reply.getIndex());
    if (reply.hasMoved()) {
      owner.moved(subscription, reply.getMoved().getChannel());
      return;
    }
    owner.forget(subscription);
    if (answer.isPresent()) {
      subscription.partition().answered(subscription.session(), answer.get());
    } else {
      subscription.partition().lost(subscription.session());
    }
  }

  private void replicated(Section section, ByteBuffer bytes) {
    int size = bytes.remaining();
    LinkSubscription subscription = subscriptions.get(section.getIndex());
    if (subscription == null
        || section.getLeaderEpoch() != subscription.subscribe().leaderEpoch()) {
      returnCredit(streamSession, size);
      return;
    }
    List<RecordBatch> batches;
    try {
      batches = subscription.take(section, bytes);
    } catch (JangadaException | BufferOverflowException | ArithmeticException e) {
      log.warn("broker {} pushed what are no batches of {}", leaderId, section.getIndex(), e);
      returnCredit(streamSession, size);
      unsubscribe(subscription);
      owner.forget(subscription);
      subscription.partition().lost(subscription.session());
      return;
    }
    long session = streamSession;
    subscription
        .partition()
        .replicated(
            subscription.session(),
            batches,
            section.getHighWatermark(),
            section.getLogStartOffset(),
            size == 0 ? Credit.NONE : () -> loop.execute(() -> returnCredit(session, size)));
  }

  private void returnCredit(long session, long bytes) {
    if (session == streamSession && call != null && bytes > 0) {
      due.setReturnedCreditBytes(due.getReturnedCreditBytes() + bytes);
      scheduleFlush();
    }
  }

  private void lost(Status status) {
    if (call == null) {
      return;
    }
    call = null;
    log.info(
        "the {} stream to leader {} at {} ended: {}", carries, leaderId, channelAddress, status);
    List<LinkSubscription> ended = new ArrayList<>(subscriptions.values());
    subscriptions.clear();
    for (LinkSubscription subscription : ended) {
      owner.forget(subscription);
      subscription.partition().lost(subscription.session());
    }
  }

  private void scheduleFlush() {
    if (!flushScheduled) {
      flushScheduled = true;
      loop.afterDrain(
          () -> {
            flushScheduled = false;
            flush();
          });
    }
  }

  /** Says all that has gathered, unless the network is busy; then when it no longer is. */
  private void flush() {
    ClientCall<FollowerMessage, LeaderFrame> open = call;
    // The first message is what gRPC holds until there is a connection.
    if (open == null || (greeted && !open.isReady())) {
      return;
    }
    dueAcks.forEach(
        (index, durableLeo) ->
            due.addAcks(DurableAck.newBuilder().setIndex(index).setDurableLeo(durableLeo)));
    dueAcks.clear();
    FollowerMessage message = due.build();
    if (message.getSerializedSize() > 0) {
      due.clear();
      greeted = true;
      open.sendMessage(message);
    }
  }
}
