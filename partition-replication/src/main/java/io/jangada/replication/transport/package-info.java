// SPDX-License-Identifier: Apache-2.0
/**
 * The Replicate stream between two brokers: the leader's end pushes what is appended, as far as the
 * follower's credit goes; the follower's end subscribes and acknowledges. Both ends of all streams
 * live on one event loop; it decides nothing about replication, it carries.
 */
@NullMarked
package io.jangada.replication.transport;

import org.jspecify.annotations.NullMarked;
