// SPDX-License-Identifier: Apache-2.0
/** The APIs that producers and consumers use, and those that every client begins with. */
@NullMarked
package io.jangada.kafka.data;

import org.jspecify.annotations.NullMarked;
