// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.forward;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.jangada.api.v1.Assign;
import io.jangada.api.v1.ConsumeRequest;
import io.jangada.api.v1.ConsumeResponse;
import io.jangada.api.v1.ConsumeServiceGrpc;
import io.jangada.api.v1.Credit;
import io.jangada.broker.service.FetchService;
import io.jangada.broker.service.FetchService.Fetched;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatches;
import io.jangada.wire.WireErrors;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One partition read from its leader on a client's behalf, as if it were read here: fetched when
 * there is something, parked when not. The leader gets credit only for what the client has credit
 * for, a response's worth at a time, so that little waits here. Thread-safe; wakes with no lock
 * held.
 */
public final class LeaderReader implements AutoCloseable {
  private final String address;
  private final IntSupplier creditShare;
  private final Runnable onClose;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ClientCall<ConsumeRequest, ConsumeResponse> call;
  private final Queue<ConsumeResponse> received = new ArrayDeque<>();
  private long creditBytes;
  private @Nullable JangadaException ended;
  private @Nullable Runnable parked;

  /**
   * A reader that has asked for the assignment.
   *
   * @param creditShare how much the leader may send ahead now; one batch may be larger
   * @param onClose called once, when it is closed
   */
  LeaderReader(
      Channel channel,
      String address,
      Assign assignment,
      IntSupplier creditShare,
      Runnable onClose) {
    this.address = address;
    this.creditShare = creditShare;
    this.onClose = onClose;
    this.call = channel.newCall(ConsumeServiceGrpc.getConsumeMethod(), CallOptions.DEFAULT);
    call.start(new Listener(), new Metadata());
    call.request(1);
    call.sendMessage(ConsumeRequest.newBuilder().setAssign(assignment).build());
  }

  /**
   * What the leader has sent, or nothing yet: then {@link #park}.
   *
   * @param maxBytes how much the leader may send on; one batch may be larger
   * @return completed; with a {@link JangadaException} where the leader ended the assignment
   */
  public CompletableFuture<Fetched> fetch(long nextOffset, int maxBytes) {
    ConsumeResponse next;
    long grant = 0;
    synchronized (this) {
      next = received.poll();
      if (next == null) {
        if (ended != null) {
          return CompletableFuture.failedFuture(ended);
        }
        grant = Math.min(maxBytes, creditShare.getAsInt()) - creditBytes;
        creditBytes += Math.max(0, grant);
      }
    }
    if (next != null) {
      return CompletableFuture.completedFuture(fetched(next, nextOffset));
    }
    if (grant > 0) {
      call.sendMessage(
          ConsumeRequest.newBuilder().setCredit(Credit.newBuilder().setBytes(grant)).build());
    }
    return CompletableFuture.completedFuture(
        new Fetched(List.of(), 0, nextOffset, FetchService.ANY_EPOCH, nextOffset, 0));
  }

  /** Calls back once when there is something to fetch; at once if there is already. */
  public FetchService.Parked park(Runnable wake) {
    synchronized (this) {
      if (received.isEmpty() && ended == null) {
        parked = wake;
        return this::unpark;
      }
    }
    wake.run();
    return () -> {};
  }

  /** Ends the reading. */
  @Override
  public void close() {
    unpark();
    call.cancel("the reader has gone", null);
    if (closed.compareAndSet(false, true)) {
      onClose.run();
    }
  }

  private synchronized void unpark() {
    parked = null;
  }

  private static Fetched fetched(ConsumeResponse response, long from) {
    ByteBuffer bytes = response.getRecordBatches().asReadOnlyByteBuffer();
    long next = from;
    for (RecordBatch batch : RecordBatches.in(bytes.duplicate())) {
      next = Math.max(next, batch.nextOffset());
    }
    return new Fetched(
        List.of(bytes),
        bytes.remaining(),
        next,
        response.getLeaderEpoch(),
        response.getHighWatermark(),
        response.getLogStartOffset());
  }

  private void changed(@Nullable ConsumeResponse response, @Nullable JangadaException failure) {
    Runnable wake;
    synchronized (this) {
      if (response != null) {
        received.add(response);
        creditBytes -= response.getRecordBatches().size();
      }
      if (failure != null && ended == null) {
        ended = failure;
      }
      wake = parked;
      parked = null;
    }
    if (wake != null) {
      wake.run();
    }
  }

  private final class Listener extends ClientCall.Listener<ConsumeResponse> {
    @Override
    public void onMessage(ConsumeResponse response) {
      call.request(1); // credit bounds what is sent
      if (response.hasError()) {
        changed(null, WireErrors.fromWire(response.getError()));
      } else {
        changed(response, null);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      Status why = status.isOk() ? Status.UNAVAILABLE : status;
      JangadaException read = WireErrors.fromCall(why.asRuntimeException(trailers), address, false);
      changed(
          null,
          read.retriable()
              ? read
              : new JangadaException(
                  ErrorCode.LEADER_NOT_AVAILABLE, String.valueOf(read.getMessage()), read.hint()));
    }
  }
}
