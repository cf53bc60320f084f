// SPDX-License-Identifier: Apache-2.0
/** Short power-loss runs. */
@NullMarked
package io.jangada.chaos.powerloss;

import org.jspecify.annotations.NullMarked;
