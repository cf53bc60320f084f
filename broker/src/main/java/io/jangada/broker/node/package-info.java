// SPDX-License-Identifier: Apache-2.0
/**
 * Puts a node together: which services it runs, what each is given, in which order they start. No
 * logic but the wiring.
 */
@NullMarked
package io.jangada.broker.node;

import org.jspecify.annotations.NullMarked;
