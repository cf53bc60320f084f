// SPDX-License-Identifier: Apache-2.0
/** The client against fake brokers that fail in every way a test can think of. */
@NullMarked
package io.jangada.client;

import org.jspecify.annotations.NullMarked;
