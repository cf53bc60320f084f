// SPDX-License-Identifier: Apache-2.0
/** {@code jangada consume}: prints records. */
@NullMarked
package io.jangada.cli.consume;

import org.jspecify.annotations.NullMarked;
