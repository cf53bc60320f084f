// SPDX-License-Identifier: Apache-2.0
/** Traces and meters over the SDK of OpenTelemetry. */
@NullMarked
package io.jangada.client.opentelemetry;

import org.jspecify.annotations.NullMarked;
