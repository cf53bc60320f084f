// SPDX-License-Identifier: Apache-2.0
/** Tests of the HTTP endpoint. */
@NullMarked
package io.jangada.broker.http;

import org.jspecify.annotations.NullMarked;
