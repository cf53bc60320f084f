// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.api;

import java.net.InetSocketAddress;
import java.util.concurrent.Executor;

/** Where a request comes from. Thread-safe unless a method says otherwise. */
public interface RequestContext {

  /** Of the API, as the request's header says; the response is written in the same one. */
  short version();

  /** What the client calls itself; empty if it does not. */
  String clientId();

  /** The client's address. */
  InetSocketAddress client();

  /** Which addresses of brokers mean something to the client. */
  Network network();

  /** The connection's thread: runs what it is given in that order. */
  Executor thread();

  /**
   * Runs something on the connection's thread after a time, unless it is cancelled before. Called
   * on that thread.
   */
  Timer schedule(Runnable what, long delayMs);

  /**
   * Runs something on the connection's thread, once, when the response has been sent or will never
   * be because the connection is closed. Called on that thread.
   */
  void whenDone(Runnable what);

  /** Something that is due later. */
  interface Timer {
    /** Called on the connection's thread; any number of times. */
    void cancel();
  }
}
