// SPDX-License-Identifier: Apache-2.0
/**
 * The Kafka protocol as a front door of the broker: puts together what speaks it and what is asked.
 */
@NullMarked
package io.jangada.kafka;

import org.jspecify.annotations.NullMarked;
