// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object in a line (JSON Lines): {@code time} (RFC 3339), {@code level}, {@code broker},
 * {@code logger}, {@code message}, {@code thread}, and {@code error} with the stack trace where
 * there is one. Names stay; there may be more.
 */
public final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};
  private static final int FIRST_PLAIN = 0x20;

  private final String broker = System.getProperty("jangada.broker", "");

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(256);
    line.append('{');
    member(line, "time", DateTimeFormatter.ISO_INSTANT.format(instant(event)));
    member(line, "level", event.getLevel().toString());
    member(line, "broker", broker);
    member(line, "logger", event.getLoggerName());
    member(line, "message", event.getFormattedMessage());
    member(line, "thread", event.getThreadName());
    if (event.getThrowableProxy() != null) {
      member(line, "error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  private static Instant instant(ILoggingEvent event) {
    Instant exact = event.getInstant();
    return exact != null ? exact : Instant.ofEpochMilli(event.getTimeStamp());
  }

  private static void member(StringBuilder line, String name, @Nullable String value) {
    if (line.length() > 1) {
      line.append(',');
    }
    line.append('"').append(name).append("\":\"");
    quote(line, value == null ? "" : value);
    line.append('"');
  }

  /** RFC 8259, section 7. */
  private static void quote(StringBuilder line, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> line.append('\\').append(c);
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          if (c < FIRST_PLAIN || c == '\u2028' || c == '\u2029') {
            line.append("\\u").append(String.format("%04x", (int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
  }
}
