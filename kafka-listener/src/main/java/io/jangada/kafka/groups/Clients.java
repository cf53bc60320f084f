// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import io.jangada.groups.GroupClient;
import io.jangada.kafka.api.RequestContext;
import org.apache.kafka.common.protocol.ApiKeys;

/** Clients as groups know them. */
final class Clients {
  private Clients() {}

  static GroupClient of(ApiKeys key, RequestContext context) {
    return new GroupClient(
        context.clientId(), context.client().getAddress(), key.id, context.version());
  }
}
