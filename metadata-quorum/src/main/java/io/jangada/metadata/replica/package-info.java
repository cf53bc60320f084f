// SPDX-License-Identifier: Apache-2.0
/**
 * One node's copy of the metadata: the image in memory and the rows on disk, moved together. The
 * same for members of the quorum and for brokers.
 */
@NullMarked
package io.jangada.metadata.replica;

import org.jspecify.annotations.NullMarked;
