// SPDX-License-Identifier: Apache-2.0
/** The rules by which knowledge of a cluster only grows newer. */
@NullMarked
package io.jangada.client.internal.metadata;

import org.jspecify.annotations.NullMarked;
