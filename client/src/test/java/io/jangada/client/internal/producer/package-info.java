// SPDX-License-Identifier: Apache-2.0
/** The producer's rules without network: sequences, settling, renumbering, bounds. */
@NullMarked
package io.jangada.client.internal.producer;

import org.jspecify.annotations.NullMarked;
