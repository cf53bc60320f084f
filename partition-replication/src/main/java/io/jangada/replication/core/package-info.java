// SPDX-License-Identifier: Apache-2.0
/**
 * The replica of one partition as a pure state machine: an event goes in, a list of effects comes
 * out. No I/O, clock, threads or randomness; whoever owns the partition carries the effects out.
 * The rules are Kafka's ISR protocol with its known holes closed (KIP-101, 207, 279, 320, 392, 497,
 * 516, 595, 841, 903, 966).
 */
@NullMarked
package io.jangada.replication.core;

import org.jspecify.annotations.NullMarked;
