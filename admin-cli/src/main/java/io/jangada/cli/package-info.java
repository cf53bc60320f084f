// SPDX-License-Identifier: Apache-2.0
/**
 * The client's commands of {@code jangada}: one class for each verb, in a package for each noun.
 */
@NullMarked
package io.jangada.cli;

import org.jspecify.annotations.NullMarked;
