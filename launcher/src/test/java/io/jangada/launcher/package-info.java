// SPDX-License-Identifier: Apache-2.0
/** Tests of the launcher with commands of their own. */
@NullMarked
package io.jangada.launcher;

import org.jspecify.annotations.NullMarked;
