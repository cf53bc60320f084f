// SPDX-License-Identifier: Apache-2.0
/**
 * What one node is told: every key declared once ({@link io.jangada.broker.config.ConfigKeys}),
 * read from {@code jangada.yaml}, the environment and {@code --set}, and handed on as immutable
 * typed records ({@link io.jangada.broker.config.BrokerConfig}).
 */
@NullMarked
package io.jangada.broker.config;

import org.jspecify.annotations.NullMarked;
