// SPDX-License-Identifier: Apache-2.0
/** The file that a backup of the metadata is: a header, records in frames, and checksums. */
@NullMarked
package io.jangada.backup;

import org.jspecify.annotations.NullMarked;
