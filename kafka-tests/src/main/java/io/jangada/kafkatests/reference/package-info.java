// SPDX-License-Identifier: Apache-2.0
/**
 * Clusters that speak Kafka's protocol: a real Kafka, started from its own jars, whose answers are
 * the specification, and Jangada's.
 */
@NullMarked
package io.jangada.kafkatests.reference;

import org.jspecify.annotations.NullMarked;
