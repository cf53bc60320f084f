// SPDX-License-Identifier: Apache-2.0
/** {@code jangada topic}: creating, listing, describing and deleting topics. */
@NullMarked
package io.jangada.cli.topic;

import org.jspecify.annotations.NullMarked;
