// SPDX-License-Identifier: Apache-2.0
/**
 * Real broker processes on this machine, started from the distribution: to be killed, frozen and
 * started again. {@link io.jangada.chaos.live.LocalCluster} is the way in.
 */
@NullMarked
package io.jangada.chaos.live;

import org.jspecify.annotations.NullMarked;
