// SPDX-License-Identifier: Apache-2.0
/**
 * Traces of records over OpenTelemetry: for those who have its API on their class path; nothing
 * else of the client needs it.
 */
@NullMarked
package io.jangada.client.opentelemetry;

import org.jspecify.annotations.NullMarked;
