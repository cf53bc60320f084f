// SPDX-License-Identifier: Apache-2.0
/**
 * Conversations in Kafka's protocol as text: requests with a range of versions, sent to a cluster
 * over a plain socket, and what it answers as JSON. {@link
 * io.jangada.kafkatests.conversation.Script} reads them, {@link
 * io.jangada.kafkatests.conversation.Player} holds them.
 */
@NullMarked
package io.jangada.kafkatests.conversation;

import org.jspecify.annotations.NullMarked;
