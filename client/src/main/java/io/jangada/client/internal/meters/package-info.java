// SPDX-License-Identifier: Apache-2.0
/** What a client counts of itself. */
@NullMarked
package io.jangada.client.internal.meters;

import org.jspecify.annotations.NullMarked;
