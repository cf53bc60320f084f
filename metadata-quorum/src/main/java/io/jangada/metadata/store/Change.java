// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

/**
 * One entry of the change log: what led from one index to the next that changed anything. The array
 * is not copied: do not change it.
 *
 * @param prevIndex the index of the state it applies to
 * @param index the index of the state it leads to
 * @param controllerEpoch the controller that decided it
 * @param records the encoded records
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier that is never compared.
public record Change(long prevIndex, long index, long controllerEpoch, byte[] records) {}
