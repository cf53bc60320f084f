// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;

/**
 * Asks the coordinators of groups, over one connection to each broker; finds them, and finds them
 * again when they have moved. Not thread-safe.
 */
final class GroupConnection implements AutoCloseable {
  private static final short FIND_VERSION = 4;

  private final List<String> bootstrap;
  private final Map<String, KafkaConnection> connections = new HashMap<>();
  private final Map<String, String> coordinators = new HashMap<>();

  GroupConnection(List<String> bootstrap) {
    this.bootstrap = bootstrap;
  }

  /** Asks the group's coordinator. An exception, and whoever was asked is asked no more. */
  ByteBufferAccessor ask(String group, ApiKeys key, short version, ApiMessage request)
      throws IOException {
    String address = coordinatorOf(group);
    try {
      return connectionTo(address).ask(key, version, request);
    } catch (IOException e) {
      close(address);
      throw e;
    }
  }

  /** The coordinator that was known is none any more. */
  void forget(String group) {
    coordinators.remove(group);
  }

  private String coordinatorOf(String group) throws IOException {
    String known = coordinators.get(group);
    if (known != null) {
      return known;
    }
    IOException last = new IOException("no broker");
    for (String address : bootstrap) {
      try {
        Coordinator found = find(address, group);
        if (found.errorCode() == Errors.NONE.code()) {
          String coordinator = found.host() + ":" + found.port();
          coordinators.put(group, coordinator);
          return coordinator;
        }
        last = new IOException(Errors.forCode(found.errorCode()).toString());
      } catch (IOException e) {
        close(address);
        last = e;
      }
    }
    throw last;
  }

  private Coordinator find(String address, String group) throws IOException {
    return new FindCoordinatorResponseData(
            connectionTo(address)
                .ask(
                    ApiKeys.FIND_COORDINATOR,
                    FIND_VERSION,
                    new FindCoordinatorRequestData()
                        .setKeyType(CoordinatorType.GROUP.id())
                        .setCoordinatorKeys(List.of(group))),
            FIND_VERSION)
        .coordinators()
        .getFirst();
  }

  private KafkaConnection connectionTo(String address) throws IOException {
    KafkaConnection open = connections.get(address);
    if (open == null) {
      open = KafkaConnection.open(address);
      connections.put(address, open);
    }
    return open;
  }

  private void close(String address) throws IOException {
    coordinators.values().removeIf(address::equals);
    KafkaConnection open = connections.remove(address);
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() throws IOException {
    for (KafkaConnection open : connections.values()) {
      open.close();
    }
  }
}
