// SPDX-License-Identifier: Apache-2.0
/**
 * The metadata at one index, as an immutable value, and what led from one to the next. Images are
 * equal on every node that has applied the same entries.
 */
@NullMarked
package io.jangada.metadata.image;

import org.jspecify.annotations.NullMarked;
