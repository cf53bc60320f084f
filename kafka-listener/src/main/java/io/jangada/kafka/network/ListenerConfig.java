// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.network;

/**
 * What a listener may take.
 *
 * @param threads that serve connections
 * @param maxConnections a further one is closed at once
 * @param limits of each connection
 */
public record ListenerConfig(int threads, int maxConnections, ConnectionLimits limits) {}
