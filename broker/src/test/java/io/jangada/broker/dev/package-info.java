// SPDX-License-Identifier: Apache-2.0
/** Tests of the local cluster, with real processes that have no services behind their shell. */
@NullMarked
package io.jangada.broker.dev;

import org.jspecify.annotations.NullMarked;
