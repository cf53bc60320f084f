// SPDX-License-Identifier: Apache-2.0
/**
 * Threads that own things: whatever an event loop owns is touched by its thread alone, so that
 * nothing needs a lock.
 */
@NullMarked
package io.jangada.replication.loop;

import org.jspecify.annotations.NullMarked;
