// SPDX-License-Identifier: Apache-2.0
/**
 * Metadata from a backup, for a quorum whose majority is lost: what may be believed of it ({@link
 * io.jangada.metadata.restore.Restoration}, pure) and the storage of the first member ({@link
 * io.jangada.metadata.restore.QuorumRestore}).
 */
@NullMarked
package io.jangada.metadata.restore;

import org.jspecify.annotations.NullMarked;
