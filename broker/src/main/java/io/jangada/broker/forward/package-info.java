// SPDX-License-Identifier: Apache-2.0
/**
 * Passing on to a partition's leader what a client sent here because it reaches no other broker:
 * behind one load-balanced address every broker serves every partition. What is passed on is not
 * passed on again, so that brokers of different opinion do not send it in circles.
 */
@NullMarked
package io.jangada.broker.forward;

import org.jspecify.annotations.NullMarked;
