// SPDX-License-Identifier: Apache-2.0
/** {@code jangada produce}: turns a file or standard input into records. */
@NullMarked
package io.jangada.cli.produce;

import org.jspecify.annotations.NullMarked;
