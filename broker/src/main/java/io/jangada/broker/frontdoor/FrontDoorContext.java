// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.frontdoor;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.settings.RunningSettings;
import io.prometheus.client.CollectorRegistry;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What a front door is given.
 *
 * @param config of the node
 * @param services what clients ask for
 * @param settings in force now
 * @param metrics where its metrics are registered
 * @param workers for what takes longer than enqueuing; its threads may block for a moment
 */
public record FrontDoorContext(
    BrokerConfig config,
    ClientServices services,
    Supplier<RunningSettings> settings,
    CollectorRegistry metrics,
    Executor workers) {}
