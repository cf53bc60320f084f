// SPDX-License-Identifier: Apache-2.0
/**
 * The verbs of {@code jangada} that run nodes: {@code server}, {@code format}, {@code dev}. Thin:
 * they read the command line, call another package, and print.
 */
@NullMarked
package io.jangada.broker.command;

import org.jspecify.annotations.NullMarked;
