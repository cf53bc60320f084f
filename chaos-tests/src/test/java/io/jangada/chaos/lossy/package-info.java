// SPDX-License-Identifier: Apache-2.0
/** Tests of the lossy file system by itself. */
@NullMarked
package io.jangada.chaos.lossy;

import org.jspecify.annotations.NullMarked;
