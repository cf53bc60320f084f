// SPDX-License-Identifier: Apache-2.0
/** One channel to each broker, and what happens to it when it fails. */
@NullMarked
package io.jangada.client.internal.net;

import org.jspecify.annotations.NullMarked;
