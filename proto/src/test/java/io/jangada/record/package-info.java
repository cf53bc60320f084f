// SPDX-License-Identifier: Apache-2.0
/** The record format: round trips, damage, and what Kafka's own classes make of it. */
@NullMarked
package io.jangada.record;

import org.jspecify.annotations.NullMarked;
