// SPDX-License-Identifier: Apache-2.0
/**
 * Makes what was appended to the logs of one log directory durable, many logs at a time, and calls
 * back. Nothing is acknowledged before that.
 */
@NullMarked
package io.jangada.replication.journal;

import org.jspecify.annotations.NullMarked;
