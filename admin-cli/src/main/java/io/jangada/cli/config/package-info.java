// SPDX-License-Identifier: Apache-2.0
/** {@code jangada config}: what is set for the cluster and for brokers while they run. */
@NullMarked
package io.jangada.cli.config;

import org.jspecify.annotations.NullMarked;
