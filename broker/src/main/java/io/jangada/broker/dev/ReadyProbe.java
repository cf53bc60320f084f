// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.dev;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Asks a broker's {@code /readyz}. */
public final class ReadyProbe {
  private static final int TIMEOUT_MS = 1_000;
  private static final int MAX_BYTES = 4_096;

  private ReadyProbe() {}

  /** Empty if ready, else why not. */
  public static String whyNotReady(String httpAddress) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://" + httpAddress + "/readyz").toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MS);
      connection.setReadTimeout(TIMEOUT_MS);
      try {
        if (connection.getResponseCode() == HttpURLConnection.HTTP_OK) {
          return "";
        }
        return failing(connection);
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return "does not answer: " + e.getMessage();
    }
  }

  private static String failing(HttpURLConnection connection) throws IOException {
    try (InputStream body = connection.getErrorStream()) {
      String text =
          body == null ? "" : new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
      String failing =
          text.lines()
              .filter(line -> line.startsWith("no "))
              .map(line -> line.substring(2).strip())
              .reduce((a, b) -> a + "; " + b)
              .orElse("");
      return failing.isEmpty() ? "status " + connection.getResponseCode() : failing;
    }
  }
}
