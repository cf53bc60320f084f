// SPDX-License-Identifier: Apache-2.0
/** Connections to brokers, and single calls over them. */
@NullMarked
package io.jangada.client.internal.net;

import org.jspecify.annotations.NullMarked;
