// SPDX-License-Identifier: Apache-2.0
/**
 * Connections: who may come in, what may wait, and that answers leave in the order of the
 * questions.
 */
@NullMarked
package io.jangada.kafka.network;

import org.jspecify.annotations.NullMarked;
