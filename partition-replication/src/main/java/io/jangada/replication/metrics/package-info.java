// SPDX-License-Identifier: Apache-2.0
/** What the module counts and measures, for Prometheus. */
@NullMarked
package io.jangada.replication.metrics;

import org.jspecify.annotations.NullMarked;
