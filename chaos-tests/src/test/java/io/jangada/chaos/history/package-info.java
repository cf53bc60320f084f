// SPDX-License-Identifier: Apache-2.0
/** Each anomaly, with a history that shows it. */
@NullMarked
package io.jangada.chaos.history;

import org.jspecify.annotations.NullMarked;
