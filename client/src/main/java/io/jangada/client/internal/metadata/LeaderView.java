// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

import io.jangada.api.v1.TopicRef;
import io.jangada.client.BrokerAddress;

/**
 * Where to send what concerns a partition.
 *
 * @param topic as requests name it
 * @param address the leader's
 * @param leaderEpoch the leader's
 */
public record LeaderView(TopicRef topic, BrokerAddress address, int leaderEpoch) {}
