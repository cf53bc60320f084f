// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.frontdoor.FrontDoorContext;
import io.jangada.kafka.api.KafkaApi;
import java.util.List;

/** The APIs of this package. */
public final class AdminApis {
  private AdminApis() {}

  /** All of them. */
  public static List<KafkaApi<?>> of(FrontDoorContext context) {
    return List.of();
  }
}
