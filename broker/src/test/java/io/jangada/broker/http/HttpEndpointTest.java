// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEndpointTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Readiness readiness = new Readiness();
  private final CollectorRegistry metrics = new CollectorRegistry();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpEndpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    endpoint =
        HttpEndpoint.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), readiness, metrics);
  }

  @AfterEach
  void stop() {
    endpoint.close();
    client.close();
  }

  @Test
  void livez() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void readyzNamesEachConditionAndWhyItDoesNotHold() throws Exception {
    AtomicReference<Optional<String>> registered =
        new AtomicReference<>(Optional.of("no quorum leader yet"));
    readiness.add("storage", Optional::empty);
    readiness.add("registered", registered::get);

    HttpResponse<String> before = get("/readyz");
    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(before.body()).isEqualTo("ok  storage\nno  registered: no quorum leader yet\n");

    registered.set(Optional.empty());
    HttpResponse<String> after = get("/readyz");
    assertThat(after.statusCode()).isEqualTo(200);
    assertThat(after.body()).isEqualTo("ok  storage\nok  registered\n");
  }

  @Test
  void aBrokenCheckIsNotReady() throws Exception {
    readiness.add(
        "broken",
        () -> {
          throw new IllegalStateException("bug");
        });

    HttpResponse<String> response = get("/readyz");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("broken: the check itself failed").contains("bug");
  }

  @Test
  void metricsAreThoseOfTheRegistry() throws Exception {
    Counter.build("jangada_test_total", "A counter.").register(metrics).inc(3);

    HttpResponse<String> response = get("/metrics");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(response.body()).contains("jangada_test_total 3.0");
  }

  @Test
  void unknownPathsAndMethodsAreRefused() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/livez/../../etc/passwd").statusCode()).isEqualTo(404);
    HttpResponse<String> posted =
        client.send(
            HttpRequest.newBuilder(uri("/readyz"))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(posted.statusCode()).isEqualTo(405);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void garbageOnThePortHarmsNobodyElse() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 20; i++) {
      byte[] garbage = new byte[4096];
      random.nextBytes(garbage);
      sendAndForget(garbage);
    }
    sendAndForget("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    sendAndForget(("GET /" + "a".repeat(1 << 20)).getBytes(StandardCharsets.US_ASCII));
    sendAndForget("GET http://[::bad HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void clientsThatNeverFinishTheirRequestHoldUpNobody() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        Socket socket = connect();
        socket.getOutputStream().write("GET /livez HT".getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        slow.add(socket);
      }
      assertThat(get("/livez").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  private void sendAndForget(byte[] bytes) throws IOException {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    } catch (java.net.SocketException refused) {
      // The server may close before everything is sent: that is the point.
      assertThat(refused).isNotNull();
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), endpoint.port());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + endpoint.port() + path);
  }
}
