// SPDX-License-Identifier: Apache-2.0
/**
 * What clients saw, and what of it a log may never show: the anomalies of Jepsen's Kafka workload,
 * as far as there are no transactions. Knows nothing of brokers.
 */
@NullMarked
package io.jangada.chaos.history;

import org.jspecify.annotations.NullMarked;
