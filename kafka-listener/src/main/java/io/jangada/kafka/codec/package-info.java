// SPDX-License-Identifier: Apache-2.0
/**
 * Frames to requests and responses to frames, by the message classes of kafka-clients; record data
 * is never copied here.
 */
@NullMarked
package io.jangada.kafka.codec;

import org.jspecify.annotations.NullMarked;
