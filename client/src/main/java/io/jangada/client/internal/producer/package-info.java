// SPDX-License-Identifier: Apache-2.0
/**
 * The producer: callers put records into batches ({@code Accumulator}), one thread sends them
 * ({@code Sender}), and what may be sent when is decided for each partition by a state machine
 * without threads or clock ({@code PartitionSender}).
 */
@NullMarked
package io.jangada.client.internal.producer;

import org.jspecify.annotations.NullMarked;
