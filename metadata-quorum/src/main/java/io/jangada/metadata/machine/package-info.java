// SPDX-License-Identifier: Apache-2.0
/**
 * What the log does to the metadata: compare, then write or reject. The same on every node, for
 * ever: no clock, no randomness, no configuration, no policy.
 */
@NullMarked
package io.jangada.metadata.machine;

import org.jspecify.annotations.NullMarked;
