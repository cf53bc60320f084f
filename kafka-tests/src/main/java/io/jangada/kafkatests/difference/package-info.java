// SPDX-License-Identifier: Apache-2.0
/**
 * Where Jangada answers otherwise than Kafka: all conversations with both, what differs, what of it
 * is meant to, and docs/KAFKA-COMPATIBILITY.md. {@link io.jangada.kafkatests.difference.Compare} is
 * the program.
 */
@NullMarked
package io.jangada.kafkatests.difference;

import org.jspecify.annotations.NullMarked;
