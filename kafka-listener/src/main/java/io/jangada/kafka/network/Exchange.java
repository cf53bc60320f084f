// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.network;

import io.jangada.kafka.api.Network;
import io.jangada.kafka.api.RequestContext;
import io.jangada.kafka.codec.RequestFrame;
import io.jangada.kafka.codec.ResponseFrame;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to its answer. What the handler answers may come from any thread; all else
 * belongs to the connection's thread.
 */
final class Exchange implements RequestContext {
  private final RequestFrame request;
  private final EventLoop loop;
  private final InetSocketAddress client;
  private final Network network;
  private final long startedNs = System.nanoTime();
  private final List<Runnable> whenDone = new ArrayList<>();
  private @Nullable ResponseFrame response;
  private boolean done;

  /** Written by whoever answers, read by the connection's thread after it has seen it. */
  private volatile @Nullable Answer answer;

  /**
   * What the handler says.
   *
   * @param message null: no answer
   * @param failure why it has no message
   */
  record Answer(@Nullable ApiMessage message, @Nullable Throwable failure) {}

  Exchange(RequestFrame request, EventLoop loop, InetSocketAddress client, Network network) {
    this.request = request;
    this.loop = loop;
    this.client = client;
    this.network = network;
  }

  RequestFrame request() {
    return request;
  }

  void answered(@Nullable ApiMessage message, @Nullable Throwable failure) {
    answer = new Answer(message, failure);
  }

  @Nullable Answer answer() {
    return answer;
  }

  /** Its answer is to be written as this. */
  void sending(ResponseFrame frame) {
    response = frame;
  }

  /** What is to be written; null if nothing is. */
  @Nullable ResponseFrame response() {
    return response;
  }

  long ageNs() {
    return System.nanoTime() - startedNs;
  }

  /** It was answered, or will never be. */
  void done() {
    if (!done) {
      done = true;
      whenDone.forEach(Runnable::run);
    }
  }

  @Override
  public short version() {
    return request.version();
  }

  @Override
  public String clientId() {
    return request.clientId();
  }

  @Override
  public InetSocketAddress client() {
    return client;
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public Executor thread() {
    return loop;
  }

  @Override
  public Timer schedule(Runnable what, long delayMs) {
    ScheduledFuture<?> scheduled = loop.schedule(what, delayMs, TimeUnit.MILLISECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public void whenDone(Runnable what) {
    if (done) {
      what.run();
    } else {
      whenDone.add(what);
    }
  }
}
