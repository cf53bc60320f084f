// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import java.util.OptionalLong;

/**
 * How the last process on this data directory ended (docs/REPLICATION.md, rule 8).
 *
 * @param existed false at the first start after the format
 * @param sameBoot whether the machine has not been booted since that process began
 * @param cleanBrokerEpoch its broker epoch if it was shut down cleanly; else empty
 */
public record PreviousRun(boolean existed, boolean sameBoot, OptionalLong cleanBrokerEpoch) {}
