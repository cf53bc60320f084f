// SPDX-License-Identifier: Apache-2.0
/**
 * How a node's process comes up and goes down: a list of named steps closed in reverse, the
 * identity and lock of its data directory, signals, and what happens when a thread dies.
 */
@NullMarked
package io.jangada.broker.startup;

import org.jspecify.annotations.NullMarked;
