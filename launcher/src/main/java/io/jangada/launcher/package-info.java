// SPDX-License-Identifier: Apache-2.0
/**
 * The one program {@code jangada}: its global options, how it finds commands, prints answers and
 * says that something failed. It knows neither the client nor the broker; both bring their commands
 * through {@link io.jangada.launcher.CommandProvider}.
 */
@NullMarked
package io.jangada.launcher;

import org.jspecify.annotations.NullMarked;
