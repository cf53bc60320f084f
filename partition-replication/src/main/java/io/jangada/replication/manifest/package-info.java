// SPDX-License-Identifier: Apache-2.0
/**
 * What is known of the logs of one log directory beside their batches: up to where each is durable
 * in its segments, and what recovery would otherwise have to read the batches for. One append-only
 * file of checksummed transactions.
 */
@NullMarked
package io.jangada.replication.manifest;

import org.jspecify.annotations.NullMarked;
