// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.liveness;

/**
 * What the metadata says of a broker, as far as liveness needs it.
 *
 * @param brokerId its id
 * @param brokerEpoch its incarnation: the index of its registration
 * @param fenced whether it may lead and be in sync
 */
public record KnownBroker(int brokerId, long brokerEpoch, boolean fenced) {}
