// SPDX-License-Identifier: Apache-2.0
/** {@code jangada doctor}: what on a machine, or between machines, will make trouble. */
@NullMarked
package io.jangada.cli.doctor;

import org.jspecify.annotations.NullMarked;
