// SPDX-License-Identifier: Apache-2.0
/**
 * Measurements on real processes: start-up, throughput, what the brokers cost, how long a partition
 * is away when a broker is killed. Nothing here passes or fails; figures are printed.
 */
@NullMarked
package io.jangada.benchmarks;

import org.jspecify.annotations.NullMarked;
