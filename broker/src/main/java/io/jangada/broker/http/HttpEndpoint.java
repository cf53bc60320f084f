// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /livez}, {@code /readyz} and {@code /metrics}. Thread-safe.
 *
 * <p>Each request runs on its own virtual thread, so that a client which sends its request one byte
 * a minute holds up nobody; connections are bounded ({@link #MAX_CONNECTIONS}) and a request or an
 * answer may take {@link #MAX_REQUEST_SECONDS}. Bodies are never read.
 */
public final class HttpEndpoint implements AutoCloseable {
  /** Further connections are closed at once. */
  public static final int MAX_CONNECTIONS = 256;

  /** A slower request is cut off. */
  public static final int MAX_REQUEST_SECONDS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
  private static final int BACKLOG = 64;
  private static final int NO_BODY = -1;
  private static final String TEXT = "text/plain; charset=utf-8";

  static {
    // The JDK's server reads its bounds from system properties, once, when its first class loads.
    setUnlessGiven("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
    setUnlessGiven("sun.net.httpserver.maxReqTime", MAX_REQUEST_SECONDS);
    setUnlessGiven("sun.net.httpserver.maxRspTime", MAX_REQUEST_SECONDS);
    setUnlessGiven("sun.net.httpserver.maxIdleConnections", 16);
  }

  private final HttpServer server;
  private final ExecutorService executor;
  private final Readiness readiness;
  private final CollectorRegistry metrics;

  private HttpEndpoint(
      HttpServer server, ExecutorService executor, Readiness readiness, CollectorRegistry metrics) {
    this.server = server;
    this.executor = executor;
    this.readiness = readiness;
    this.metrics = metrics;
  }

  /**
   * Binds and serves.
   *
   * @param address port 0 picks a free one
   * @param readiness asked at each {@code /readyz}
   * @param metrics written at each {@code /metrics}
   * @throws IOException if the address can't be bound ({@link java.net.BindException})
   */
  public static HttpEndpoint start(
      InetSocketAddress address, Readiness readiness, CollectorRegistry metrics)
      throws IOException {
    HttpServer server = HttpServer.create(address, BACKLOG);
    ExecutorService executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("jangada-http-", 0).factory());
    HttpEndpoint endpoint = new HttpEndpoint(server, executor, readiness, metrics);
    server.setExecutor(executor);
    server.createContext("/", endpoint::handle);
    server.start();
    return endpoint;
  }

  /** The port that is bound. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        answer(exchange, 405, TEXT, "expected GET or HEAD\n");
        return;
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/livez" -> answer(exchange, 200, TEXT, "ok\n");
        case "/readyz" -> readyz(exchange);
        case "/metrics" -> metrics(exchange);
        case null, default ->
            answer(exchange, 404, TEXT, "there are /livez, /readyz and /metrics\n");
      }
    } catch (RuntimeException e) {
      LOG.warn("HTTP {} failed", exchange.getRequestURI(), e);
      throw e;
    }
  }

  private void readyz(HttpExchange exchange) throws IOException {
    Map<String, Optional<String>> results = readiness.evaluate();
    StringBuilder text = new StringBuilder();
    results.forEach(
        (name, reason) ->
            text.append(reason.map(why -> "no  " + name + ": " + why).orElse("ok  " + name))
                .append('\n'));
    boolean ready = results.values().stream().allMatch(Optional::isEmpty);
    answer(exchange, ready ? 200 : 503, TEXT, text.toString());
  }

  private void metrics(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String contentType =
        TextFormat.chooseContentType(String.join(",", headers.getOrDefault("Accept", List.of())));
    StringWriter text = new StringWriter();
    TextFormat.writeFormat(contentType, text, metrics.metricFamilySamples());
    answer(exchange, 200, contentType, text.toString());
  }

  private static void answer(HttpExchange exchange, int status, String contentType, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", contentType);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, NO_BODY);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static void setUnlessGiven(String property, int value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(value));
    }
  }
}
