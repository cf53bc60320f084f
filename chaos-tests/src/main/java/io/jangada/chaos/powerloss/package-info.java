// SPDX-License-Identifier: Apache-2.0
/**
 * The power of one, two or all brokers fails under load, again and again, and in the end everything
 * that was acknowledged has to be there. {@link io.jangada.chaos.powerloss.PowerLossRun} is the way
 * in.
 */
@NullMarked
package io.jangada.chaos.powerloss;

import org.jspecify.annotations.NullMarked;
