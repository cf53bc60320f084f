// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.liveness;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** {@link Prober} by a TCP connection that is closed at once. */
public final class TcpProber implements Prober {
  private static final int CONNECT_TIMEOUT_MS = 400;

  // Blocking glue, at most one connection a broker.
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("jangada-prober-", 0).factory());

  @Override
  public CompletableFuture<Boolean> refuses(String address) {
    try {
      return CompletableFuture.supplyAsync(() -> connectRefused(address), threads);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(false);
    }
  }

  private static boolean connectRefused(String address) {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
          CONNECT_TIMEOUT_MS);
      return false;
    } catch (ConnectException e) {
      // "Connection refused"; other kinds ("Connection timed out", "No route") prove nothing.
      String message = e.getMessage();
      return message != null && message.contains("refused");
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
