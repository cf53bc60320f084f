// SPDX-License-Identifier: Apache-2.0
/** {@code jangada bench}: what a cluster does, measured as a client sees it. */
@NullMarked
package io.jangada.cli.bench;

import org.jspecify.annotations.NullMarked;
