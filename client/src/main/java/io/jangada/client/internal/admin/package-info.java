// SPDX-License-Identifier: Apache-2.0
/** The admin interface: calls with retries, and messages turned into records. */
@NullMarked
package io.jangada.client.internal.admin;

import org.jspecify.annotations.NullMarked;
