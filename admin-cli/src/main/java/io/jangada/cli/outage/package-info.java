// SPDX-License-Identifier: Apache-2.0
/** Measures from the client's side what a broker's death costs. */
@NullMarked
package io.jangada.cli.outage;

import org.jspecify.annotations.NullMarked;
