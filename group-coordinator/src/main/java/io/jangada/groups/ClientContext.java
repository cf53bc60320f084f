// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import java.net.InetAddress;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/** A client as the coordinator wants to know it. */
record ClientContext(GroupClient client) implements AuthorizableRequestContext {
  private static final int UNKNOWN_CORRELATION = -1;

  @Override
  public String listenerName() {
    return "";
  }

  @Override
  public SecurityProtocol securityProtocol() {
    return SecurityProtocol.PLAINTEXT;
  }

  @Override
  public KafkaPrincipal principal() {
    return KafkaPrincipal.ANONYMOUS;
  }

  @Override
  public InetAddress clientAddress() {
    return client.address();
  }

  @Override
  public int requestType() {
    return client.apiKey();
  }

  @Override
  public int requestVersion() {
    return client.version();
  }

  @Override
  public String clientId() {
    return client.id();
  }

  @Override
  public int correlationId() {
    return UNKNOWN_CORRELATION;
  }
}
