// SPDX-License-Identifier: Apache-2.0
/** The listener with a whole node behind it, as clients meet it. */
@NullMarked
package io.jangada.kafka;

import org.jspecify.annotations.NullMarked;
