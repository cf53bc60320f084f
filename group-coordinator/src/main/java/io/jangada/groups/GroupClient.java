// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import java.net.InetAddress;

/**
 * Who asks.
 *
 * @param id what the client calls itself
 * @param address where it is
 * @param apiKey of the Kafka API
 * @param version of the API in which it asks
 */
public record GroupClient(String id, InetAddress address, short apiKey, short version) {}
