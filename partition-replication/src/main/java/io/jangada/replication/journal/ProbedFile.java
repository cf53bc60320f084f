// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of a journal as its first block shows it.
 *
 * @param number in its name
 * @param path of it
 * @param bytes of it
 * @param first the group at its beginning; null if there is no good header of this directory, file
 *     and position
 * @param isEmpty whether the first block holds nothing but zeros
 * @param stranger what else it is, if it is sound but was never written here; otherwise empty
 */
record ProbedFile(
    int number,
    Path path,
    long bytes,
    @Nullable GroupHeader first,
    boolean isEmpty,
    String stranger) {}
