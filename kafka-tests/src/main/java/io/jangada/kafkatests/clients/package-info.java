// SPDX-License-Identifier: Apache-2.0
/**
 * Clients that others wrote, as their users get them, against Jangada. {@link
 * io.jangada.kafkatests.clients.ForeignClients} is the program.
 */
@NullMarked
package io.jangada.kafkatests.clients;

import org.jspecify.annotations.NullMarked;
