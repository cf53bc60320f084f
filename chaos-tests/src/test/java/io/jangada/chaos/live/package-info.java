// SPDX-License-Identifier: Apache-2.0
/** Tests of the package of the same name, and of the distribution it starts. */
@NullMarked
package io.jangada.chaos.live;

import org.jspecify.annotations.NullMarked;
