// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.network;

import io.jangada.kafka.api.Network;
import io.jangada.kafka.codec.RequestFrame;
import io.jangada.kafka.codec.ResponseFrame;
import io.jangada.kafka.network.FrameAssembler.Fed;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Requests are begun in their order, and answered in their order. Produce
 * requests are worked on at the same time; any other waits until those before it are answered, and
 * those after it wait for it, so that a connection holds the answer to one of them at most. (Kafka
 * works on one request of a connection at a time, whichever it is.)
 *
 * <p>It is read from only while there is nothing that waits: for room, for answers, for the client
 * to take what was sent. What the socket has brought by then stays in one receive buffer.
 *
 * <p>Belongs to its channel's thread.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);
  private static final int CHUNK_BYTES = 256 * 1024;

  private final Listener listener;
  private final Network network;
  private final FrameAssembler assembler;
  private final AtomicBoolean answersCome = new AtomicBoolean();

  private final Deque<Exchange> unanswered = new ArrayDeque<>();
  private final Deque<Exchange> outgoing = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf received;
  private @Nullable RequestFrame held;
  private long unansweredBytes;

  /** Given to the channel, which may hold the last of it back from a socket that is full. */
  private long unsentBytes;

  private boolean waitsForRoom;
  private boolean pumping;
  private boolean closed;

  /** Also read by the thread that closes the listener. */
  private volatile boolean busy;

  private long activeNs = System.nanoTime();
  private long progressNs = System.nanoTime();

  Connection(Listener listener, Network network) {
    this.listener = listener;
    this.network = network;
    this.assembler =
        new FrameAssembler(
            listener.requestMemory(), listener.limits().maxRequestBytes(), this::roomIsThere);
  }

  @Override
  public void channelActive(ChannelHandlerContext channel) {
    context = channel;
    if (listener.opened(this)) {
      channel.read();
    } else {
      close(CloseReason.TOO_MANY, "there are as many connections as there may be");
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    listener.metrics().received(bytes.readableBytes());
    activeNs = System.nanoTime();
    progressNs = activeNs;
    ByteBuf before = received;
    received =
        before == null
            ? bytes
            : bytes
                .alloc()
                .compositeBuffer()
                .addFlattenedComponents(true, before)
                .addFlattenedComponents(true, bytes);
    pump();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext channel) {
    readOn();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext channel) {
    pump();
    readOn();
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    gone();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable failure) {
    if (failure instanceof IOException) {
      log.debug("The connection to {} broke: {}", client(), failure.toString());
    } else {
      log.error("A defect: closing the connection to {}", client(), failure);
      listener.metrics().closed(CloseReason.DEFECT);
    }
    var unused = channel.close();
  }

  /** Begins requests, writes answers, until one has to wait. */
  private void pump() {
    if (pumping || closed) {
      return;
    }
    pumping = true;
    try {
      ChannelHandlerContext channel = Objects.requireNonNull(context);
      do {
        boolean moved = true;
        while (moved && !closed) {
          moved = finishAnswered();
          moved |= write();
          moved |= begin();
        }
        if (!closed) {
          channel.flush();
        }
        // The socket may have taken all of it at once, and nobody else tells then.
      } while (!closed && !outgoing.isEmpty() && channel.channel().isWritable());
    } catch (InvalidRequestException e) {
      close(CloseReason.BAD_REQUEST, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.error("A defect: closing the connection to {}", client(), e);
      close(CloseReason.DEFECT, e.toString());
    } finally {
      busy = !unanswered.isEmpty() || !outgoing.isEmpty();
      pumping = false;
    }
  }

  /** Begins the next request, if one is whole and need not wait. */
  private boolean begin() {
    RequestFrame next = held != null ? held : nextFrame();
    if (next == null) {
      return false;
    }
    if (!mayBegin(next)) {
      held = next;
      return false;
    }
    held = null;
    InetSocketAddress client = client();
    Exchange exchange =
        new Exchange(next, Objects.requireNonNull(context).channel().eventLoop(), client, network);
    unanswered.add(exchange);
    unansweredBytes += next.sizeBytes();
    listener.dispatcher().dispatch(exchange, this::anAnswerCame);
    return true;
  }

  private @Nullable RequestFrame nextFrame() {
    ByteBuf bytes = received;
    if (bytes == null || waitsForRoom) {
      return null;
    }
    Fed fed = assembler.feed(bytes);
    if (!bytes.isReadable()) {
      bytes.release();
      received = null;
    }
    return switch (fed) {
      case MORE_IS_NEEDED -> null;
      case NO_ROOM -> {
        waitsForRoom = true;
        yield null;
      }
      case WHOLE -> decoded(assembler.take());
    };
  }

  private RequestFrame decoded(ByteBuffer frame) {
    int bytes = frame.remaining();
    try {
      return RequestFrame.read(frame, listener.dispatcher()::serves);
    } catch (InvalidRequestException e) {
      listener.requestMemory().release(bytes);
      throw e;
    }
  }

  private boolean mayBegin(RequestFrame request) {
    if (unanswered.isEmpty() && outgoing.isEmpty()) {
      return true;
    }
    return request.key() == ApiKeys.PRODUCE && mayBeginProduce();
  }

  private boolean mayBeginProduce() {
    return unanswered.isEmpty()
        || (unanswered.getFirst().request().key() == ApiKeys.PRODUCE
            && unanswered.size() < listener.limits().maxUnanswered()
            && unansweredBytes < listener.limits().maxUnansweredBytes());
  }

  /** Makes frames of answers, as far as those before them are there. */
  private boolean finishAnswered() {
    boolean any = false;
    while (!unanswered.isEmpty() && !closed) {
      Exchange first = unanswered.getFirst();
      Exchange.Answer answer = first.answer();
      if (answer == null) {
        break;
      }
      unanswered.removeFirst();
      any = true;
      activeNs = System.nanoTime();
      release(first);
      ResponseFrame frame = listener.dispatcher().frame(first, answer);
      if (frame != null) {
        if (outgoing.isEmpty()) {
          progressNs = activeNs;
        }
        first.sending(frame);
        outgoing.add(first);
      } else {
        first.done();
        if (answer.failure() != null) {
          close(CloseReason.UNANSWERED_FAILURE, String.valueOf(answer.failure()));
        }
      }
    }
    return any;
  }

  /** Writes as much as the socket takes now, and a little more. */
  private boolean write() {
    ChannelHandlerContext channel = Objects.requireNonNull(context);
    boolean any = false;
    while (!outgoing.isEmpty() && channel.channel().isWritable()) {
      any = true;
      ByteBuf chunk = channel.alloc().directBuffer(chunkBytes());
      Deque<Exchange> whole = fill(chunk);
      int bytes = chunk.readableBytes();
      unsentBytes += bytes;
      channel
          .write(chunk)
          .addListener(
              written -> {
                unsentBytes -= bytes;
                progressNs = System.nanoTime();
                listener.metrics().sent(bytes);
                whole.forEach(Exchange::done);
              });
    }
    return any;
  }

  private int chunkBytes() {
    long bytes = 0;
    for (Exchange each : outgoing) {
      bytes += Objects.requireNonNull(each.response()).leftBytes();
      if (bytes >= CHUNK_BYTES) {
        return CHUNK_BYTES;
      }
    }
    return (int) bytes;
  }

  /** Fills the chunk, and returns the exchanges whose end is in it. */
  private Deque<Exchange> fill(ByteBuf chunk) {
    Deque<Exchange> whole = new ArrayDeque<>();
    while (!outgoing.isEmpty() && chunk.isWritable()) {
      Exchange first = outgoing.getFirst();
      ResponseFrame response = Objects.requireNonNull(first.response());
      response.take(chunk);
      if (response.leftBytes() == 0) {
        whole.add(first);
        outgoing.removeFirst();
      }
    }
    return whole;
  }

  /** On any thread. */
  private void anAnswerCame() {
    ChannelHandlerContext channel = Objects.requireNonNull(context);
    if (pumping && channel.executor().inEventLoop()) {
      return;
    }
    if (answersCome.compareAndSet(false, true)) {
      channel
          .executor()
          .execute(
              () -> {
                answersCome.set(false);
                pump();
                readOn();
              });
    }
  }

  /** On any thread. */
  private void roomIsThere() {
    Objects.requireNonNull(context)
        .executor()
        .execute(
            () -> {
              waitsForRoom = false;
              pump();
              readOn();
            });
  }

  /**
   * Asks the socket for more if nothing waits. As in Kafka, what is sent behind a fetch that waits
   * stays in the socket: it would hold memory that others could be answered with.
   */
  private void readOn() {
    ChannelHandlerContext channel = context;
    if (channel != null
        && !closed
        && held == null
        && received == null
        && mayBeginProduce()
        && !waitsForRoom
        && channel.channel().isWritable()) {
      channel.read();
    }
  }

  /** Runs something on the connection's thread. Any thread. */
  void onItsThread(Runnable what) {
    Objects.requireNonNull(context).executor().execute(what);
  }

  /** Looks whether the client has gone to sleep. */
  void check(long nowNs) {
    ConnectionLimits limits = listener.limits();
    long idleNs = limits.idleTimeout().toNanos();
    if (!outgoing.isEmpty() || unsentBytes > 0) {
      if (nowNs - progressNs > patienceNs(listener.responseMemory(), idleNs)) {
        close(CloseReason.NOT_READING, "it does not take its answers");
      }
    } else if (!unanswered.isEmpty() || held != null) {
      return;
    } else if (assembler.begun()
        && nowNs - progressNs
            > patienceNs(listener.requestMemory(), limits.stallTimeout().toNanos())) {
      close(CloseReason.HALF_A_REQUEST, "it has sent half a request");
    } else if (nowNs - activeNs > idleNs) {
      close(CloseReason.IDLE, "it asks nothing");
    }
  }

  /** Who has gone to sleep must not keep others from what it holds. */
  private long patienceNs(MemoryBudget memory, long otherwiseNs) {
    return memory.waiting() > 0
        ? Math.min(otherwiseNs, listener.limits().pressedTimeout().toNanos())
        : otherwiseNs;
  }

  /** Whether a request is not answered yet, or not all of an answer is sent. */
  boolean busy() {
    return busy;
  }

  void close(CloseReason reason, String why) {
    if (closed) {
      return;
    }
    listener.closing(reason, client(), why);
    var unused = Objects.requireNonNull(context).close();
    gone();
  }

  private void gone() {
    if (closed) {
      return;
    }
    closed = true;
    listener.gone(this);
    ByteBuf bytes = received;
    if (bytes != null) {
      bytes.release();
      received = null;
    }
    assembler.close();
    RequestFrame waiting = held;
    if (waiting != null) {
      listener.requestMemory().release(waiting.sizeBytes());
      held = null;
    }
    for (Exchange each : unanswered) {
      release(each);
      each.done();
    }
    unanswered.clear();
    outgoing.forEach(Exchange::done);
    outgoing.clear();
  }

  private void release(Exchange exchange) {
    int bytes = exchange.request().sizeBytes();
    unansweredBytes -= bytes;
    listener.requestMemory().release(bytes);
  }

  private InetSocketAddress client() {
    return Objects.requireNonNull(context).channel().remoteAddress()
            instanceof InetSocketAddress address
        ? address
        : InetSocketAddress.createUnresolved("unknown", 0);
  }
}
