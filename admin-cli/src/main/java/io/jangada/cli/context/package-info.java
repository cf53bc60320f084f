// SPDX-License-Identifier: Apache-2.0
/** {@code jangada context}: names for clusters, so that nobody types addresses. */
@NullMarked
package io.jangada.cli.context;

import org.jspecify.annotations.NullMarked;
