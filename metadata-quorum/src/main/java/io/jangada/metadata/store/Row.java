// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

import org.jspecify.annotations.Nullable;

/**
 * One row of a table. The arrays are not copied: do not change them.
 *
 * @param table the table's name, one of those the store was opened with
 * @param key at most 511 bytes; fixed-width and big-endian, so that the order is that of the values
 * @param value the row's contents, or null to delete it
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier that is never compared.
public record Row(String table, byte[] key, byte @Nullable [] value) {}
