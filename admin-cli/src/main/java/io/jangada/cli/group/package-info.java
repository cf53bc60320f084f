// SPDX-License-Identifier: Apache-2.0
/** {@code jangada group}: consumer groups, how far they are, and how they get on. */
@NullMarked
package io.jangada.cli.group;

import org.jspecify.annotations.NullMarked;
