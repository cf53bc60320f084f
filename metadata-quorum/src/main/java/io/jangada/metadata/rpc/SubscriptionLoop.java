// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.jangada.internal.v1.MetadataDeltaEvent;
import io.jangada.internal.v1.MetadataEvent;
import io.jangada.internal.v1.QuorumServiceGrpc;
import io.jangada.internal.v1.SnapshotBegin;
import io.jangada.internal.v1.SubscribeRequest;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.metadata.replica.LocalMetadata;
import io.jangada.metadata.store.Change;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the changes of the metadata from one member after the other: a change is applied only if
 * it follows what is here, and nothing ever goes back. Owned by the client's apply thread.
 */
final class SubscriptionLoop {
  private static final Logger LOG = LoggerFactory.getLogger(SubscriptionLoop.class);
  private static final long RECONNECT_MS = 30;
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** How many events may be on their way to us. */
  private static final int WINDOW = 32;

  /** What the loop reports, on the apply thread. */
  interface Events {
    void moved(MetadataDelta delta);

    /** Everything up to that index is applied. */
    void reached(long index);
  }

  private final MetadataClientConfig config;
  private final QuorumChannels channels;
  private final LocalMetadata local;
  private final ScheduledExecutorService thread;
  private final Events events;
  private int place;
  private @Nullable Stream current;
  private boolean stopped;

  SubscriptionLoop(
      MetadataClientConfig config,
      QuorumChannels channels,
      LocalMetadata local,
      ScheduledExecutorService thread,
      Events events) {
    this.config = config;
    this.channels = channels;
    this.local = local;
    this.thread = thread;
    this.events = events;
    this.place = channels.place(config.nodeId());
  }

  void start() {
    open();
    var unused = thread.scheduleWithFixedDelay(this::watch, 500, 500, TimeUnit.MILLISECONDS);
  }

  void stop() {
    stopped = true;
    @Nullable Stream stream = current;
    current = null;
    if (stream != null) {
      stream.end();
    }
  }

  private void open() {
    if (!stopped && current == null) {
      Stream stream = new Stream(channels.member(place));
      current = stream;
      stream.open();
    }
  }

  /**
   * Goes to the leader if this copy has not reached an index yet: the member that is followed,
   * often the one in the same process that has just started, may itself be behind.
   */
  void hurry(long index) {
    @Nullable Stream stream = current;
    QuorumMember leader = channels.leader();
    if (local.changeIndex() < index && stream != null && !stream.member.equals(leader)) {
      reopen(stream, "it is behind");
      place = channels.place(leader.nodeId());
    }
  }

  /** One that is no member any more will hear of no change. */
  void membersChanged() {
    @Nullable Stream stream = current;
    if (stream != null && !channels.members().contains(stream.member)) {
      reopen(stream, "it is no member any more");
    }
  }

  /** A member that says nothing for three progress intervals is left. */
  private void watch() {
    @Nullable Stream stream = current;
    if (stream != null && System.nanoTime() - stream.lastEventNanos > SILENCE_NANOS) {
      reopen(stream, "it is silent");
    }
  }

  private void reopen(Stream of, String reason) {
    if (current != of || stopped) {
      return;
    }
    LOG.debug("node {} leaves the metadata stream of {}: {}", config.nodeId(), of.member, reason);
    current = null;
    of.end();
    place++;
    try {
      var unused = thread.schedule(this::open, RECONNECT_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closing", e);
    }
  }

  /** One connection to one member. */
  private final class Stream implements ClientResponseObserver<SubscribeRequest, MetadataEvent> {
    private final QuorumMember member;
    private @Nullable ClientCallStreamObserver<SubscribeRequest> call;
    private @Nullable SnapshotReceiver snapshot;
    private long lastEventNanos = System.nanoTime();

    Stream(QuorumMember member) {
      this.member = member;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<SubscribeRequest> stream) {
      call = stream;
      stream.disableAutoRequestWithInitial(WINDOW);
    }

    void open() {
      SubscribeRequest.Builder request =
          SubscribeRequest.newBuilder()
              .setClusterId(config.clusterId().toString())
              .setBrokerId(config.nodeId())
              .setFromIndex(local.changeIndex());
      UUID history = local.image().cluster().historyId();
      if (history != null) {
        request.setHistoryId(history.toString());
      }
      QuorumServiceGrpc.newStub(channels.channel(member)).subscribe(request.build(), this);
    }

    @Override
    public void onNext(MetadataEvent event) {
      handOff(() -> handle(event));
    }

    @Override
    public void onError(Throwable error) {
      handOff(() -> reopen(this, String.valueOf(error)));
    }

    @Override
    public void onCompleted() {
      handOff(() -> reopen(this, "it ended"));
    }

    private void handOff(Runnable task) {
      try {
        thread.execute(task);
      } catch (RejectedExecutionException e) {
        LOG.debug("closing", e);
      }
    }

    private void handle(MetadataEvent event) {
      if (current != this) {
        return;
      }
      lastEventNanos = System.nanoTime();
      try {
        switch (event.getEventCase()) {
          case DELTA -> delta(event.getDelta());
          case SNAPSHOT_BEGIN -> begin(event.getSnapshotBegin());
          case SNAPSHOT_CHUNK -> receiver().chunk(event.getSnapshotChunk().getData());
          case SNAPSHOT_END -> install(event.getSnapshotEnd().getCrc32C());
          case PROGRESS -> events.reached(event.getProgress().getIndex());
          case ERROR -> reopen(this, event.getError().getMessage());
          case EVENT_NOT_SET -> LOG.debug("an event of a newer version is skipped");
        }
      } catch (IOException | RuntimeException e) {
        LOG.warn("node {}: the metadata stream of {} is left", config.nodeId(), member, e);
        reopen(this, String.valueOf(e));
      }
      ClientCallStreamObserver<SubscribeRequest> open = call;
      if (current == this && open != null) {
        open.request(1);
      }
    }

    private void delta(MetadataDeltaEvent event) {
      long here = local.changeIndex();
      if (event.getIndex() <= here) {
        return;
      }
      if (event.getPrevIndex() != here) {
        reopen(this, "change " + event.getPrevIndex() + " does not follow " + here);
        return;
      }
      MetadataDelta delta =
          local.commit(
              new Change(
                  event.getPrevIndex(),
                  event.getIndex(),
                  event.getControllerEpoch(),
                  event.getRecords().toByteArray()));
      events.moved(delta);
      events.reached(event.getIndex());
    }

    private void begin(SnapshotBegin begin) throws IOException {
      close();
      LOG.info(
          "node {} takes a metadata snapshot of {} bytes at index {} from {}",
          config.nodeId(),
          begin.getLengthBytes(),
          begin.getIndex(),
          member);
      snapshot =
          new SnapshotReceiver(
              config.directory().resolve("incoming-snapshot"), begin.getLengthBytes());
    }

    private SnapshotReceiver receiver() throws IOException {
      SnapshotReceiver receiver = snapshot;
      if (receiver == null) {
        throw new IOException("expected a snapshot to begin, but got a piece of one");
      }
      return receiver;
    }

    private void install(int crc32c) throws IOException {
      UUID before = local.image().cluster().historyId();
      MetadataDelta delta = local.replaceWith(receiver().end(crc32c));
      close();
      UUID after = local.image().cluster().historyId();
      if (before != null && !before.equals(after)) {
        LOG.warn(
            "node {}: the metadata is of another history: {} until index {}, {} from index {} on",
            config.nodeId(),
            before,
            delta.before().index(),
            after,
            delta.after().index());
      }
      events.moved(delta);
      events.reached(local.changeIndex());
    }

    private void close() throws IOException {
      SnapshotReceiver receiver = snapshot;
      snapshot = null;
      if (receiver != null) {
        receiver.close();
      }
    }

    void end() {
      try {
        close();
      } catch (IOException e) {
        LOG.warn("an incoming snapshot could not be removed", e);
      }
      ClientCallStreamObserver<SubscribeRequest> open = call;
      if (open != null) {
        open.cancel("the subscription ends here", null);
      }
    }
  }
}
