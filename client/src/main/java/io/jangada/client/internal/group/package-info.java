// SPDX-License-Identifier: Apache-2.0
/**
 * A consumer as a member of its group: the way to the coordinator, heartbeats on a schedule,
 * commits in order. Nothing here blocks, and nothing knows how records are read.
 */
@NullMarked
package io.jangada.client.internal.group;

import org.jspecify.annotations.NullMarked;
