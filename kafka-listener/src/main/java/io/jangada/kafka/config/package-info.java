// SPDX-License-Identifier: Apache-2.0
/**
 * Configuration as Kafka's clients see it: which of Kafka's names mean which of ours, in which unit
 * and of which type. What may be set is decided by the services, not here.
 */
@NullMarked
package io.jangada.kafka.config;

import org.jspecify.annotations.NullMarked;
