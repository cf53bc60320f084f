// SPDX-License-Identifier: Apache-2.0
/**
 * Who may vote in the metadata quorum: a disk that has voted and forgotten must not vote again.
 * Raft rests on voters that remember, and Ratis does not check it.
 */
@NullMarked
package io.jangada.metadata.membership;

import org.jspecify.annotations.NullMarked;
