// SPDX-License-Identifier: Apache-2.0
/** The APIs that look after the cluster. */
@NullMarked
package io.jangada.kafka.admin;

import org.jspecify.annotations.NullMarked;
