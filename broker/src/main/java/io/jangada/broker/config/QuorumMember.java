// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One voter of the metadata quorum and where the others reach it. Written {@code
 * ID@HOST:GRPCPORT/RATISPORT}, for instance {@code 1@10.0.0.1:7400/7401}; an IPv6 address stands in
 * brackets.
 *
 * @param id the node id, at least 1
 * @param host host name or address
 * @param grpcPort port of the gRPC listener
 * @param ratisPort port of the Ratis listener
 */
public record QuorumMember(int id, String host, int grpcPort, int ratisPort) {
  private static final Pattern SYNTAX =
      Pattern.compile("(\\d{1,9})@(\\[[0-9a-fA-F:.%]+]|[^\\s:/@\\[\\]]+):(\\d{1,5})/(\\d{1,5})");
  private static final int MAX_PORT = 65_535;

  public QuorumMember {
    if (id < 1 || !isPort(grpcPort) || !isPort(ratisPort)) {
      throw new IllegalArgumentException(
          "expected an id >= 1 and ports in 1..65535, but got "
              + (id + "@" + host + ":" + grpcPort + "/" + ratisPort));
    }
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static QuorumMember parse(String text) {
    Matcher matcher = SYNTAX.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a quorum member: " + text);
    }
    return new QuorumMember(
        Integer.parseInt(matcher.group(1)),
        matcher.group(2),
        Integer.parseInt(matcher.group(3)),
        Integer.parseInt(matcher.group(4)));
  }

  /** {@code host:port} of the gRPC listener. */
  public String grpcAddress() {
    return host + ":" + grpcPort;
  }

  /** {@code host:port} of the Ratis listener. */
  public String ratisAddress() {
    return host + ":" + ratisPort;
  }

  @Override
  public String toString() {
    return id + "@" + host + ":" + grpcPort + "/" + ratisPort;
  }

  private static boolean isPort(int port) {
    return port >= 1 && port <= MAX_PORT;
  }
}
