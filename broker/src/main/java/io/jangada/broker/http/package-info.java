// SPDX-License-Identifier: Apache-2.0
/** What machines ask a node over HTTP: is it alive, is it ready and if not why, its metrics. */
@NullMarked
package io.jangada.broker.http;

import org.jspecify.annotations.NullMarked;
