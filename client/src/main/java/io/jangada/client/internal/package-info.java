// SPDX-License-Identifier: Apache-2.0
/** What is behind the public interfaces; may change at any time. */
@NullMarked
package io.jangada.client.internal;

import org.jspecify.annotations.NullMarked;
