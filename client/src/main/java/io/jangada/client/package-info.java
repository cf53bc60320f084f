// SPDX-License-Identifier: Apache-2.0
/**
 * The client of a Jangada cluster: {@link io.jangada.client.JangadaClient} is the way in, from
 * which producers, consumers and the admin interface come. This package is the whole public
 * interface; what is below {@code internal} may change at any time.
 */
@NullMarked
package io.jangada.client;

import org.jspecify.annotations.NullMarked;
