// SPDX-License-Identifier: Apache-2.0
/**
 * Ways into the broker besides gRPC: found as services, so that the broker knows none of them, and
 * given the services that they call.
 */
@NullMarked
package io.jangada.broker.frontdoor;

import org.jspecify.annotations.NullMarked;
