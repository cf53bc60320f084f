// SPDX-License-Identifier: Apache-2.0
/**
 * What this process knows of the cluster: one immutable view, replaced whenever a broker tells
 * more, and the thread that sees to it that they do.
 */
@NullMarked
package io.jangada.client.internal.metadata;

import org.jspecify.annotations.NullMarked;
