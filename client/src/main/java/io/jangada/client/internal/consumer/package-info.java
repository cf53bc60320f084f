// SPDX-License-Identifier: Apache-2.0
/**
 * The consumer: streams that brokers send batches on as far as they were given credit, and for each
 * partition where reading stands. Everything runs on the thread that polls; the network only leaves
 * events.
 */
@NullMarked
package io.jangada.client.internal.consumer;

import org.jspecify.annotations.NullMarked;
