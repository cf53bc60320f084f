// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

/**
 * A consumer group in short.
 *
 * @param groupId its id
 * @param state as Kafka calls it: Empty, Stable, PreparingRebalance, CompletingRebalance,
 *     Assigning, Reconciling, Dead
 * @param type "classic": members assign partitions among themselves; "consumer": the coordinator
 *     does (KIP-848)
 * @param protocolType what its members are, "consumer" for consumers; may be empty
 * @param coordinatorId the broker that coordinates it
 */
public record GroupListing(
    String groupId, String state, String type, String protocolType, int coordinatorId) {}
