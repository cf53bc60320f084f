// SPDX-License-Identifier: Apache-2.0
/**
 * A whole cluster on one thread: the real replica core and the real metadata controller and state
 * machine on a simulated network, disk and clock. A plan of faults and a seed determine everything;
 * the invariants are checked after every event.
 */
@NullMarked
package io.jangada.chaos.sim;

import org.jspecify.annotations.NullMarked;
