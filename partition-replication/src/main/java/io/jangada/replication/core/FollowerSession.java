// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

/**
 * One subscription of one follower. Everything a leader knows about a follower belongs to a session
 * and is dropped with it.
 *
 * @param brokerId the follower
 * @param brokerEpoch the epoch under which the follower's process is registered
 * @param session the number that the follower's core gave to this attempt to subscribe; it never
 *     repeats within one broker epoch
 */
public record FollowerSession(int brokerId, long brokerEpoch, long session) {}
