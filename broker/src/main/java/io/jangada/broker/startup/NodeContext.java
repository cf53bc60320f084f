// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.http.Readiness;
import io.prometheus.client.CollectorRegistry;

/**
 * What the steps of a node's services are given.
 *
 * @param config as loaded
 * @param identity who the process is
 * @param runMark how the last run ended; to be told each broker epoch
 * @param metrics where every metric of the process is registered
 * @param readiness where each service adds its check
 * @param fatalErrors what to call when the process may not go on
 */
public record NodeContext(
    BrokerConfig config,
    NodeIdentity identity,
    RunMark runMark,
    CollectorRegistry metrics,
    Readiness readiness,
    FatalErrors fatalErrors) {}
