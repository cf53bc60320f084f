// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import java.time.Duration;

/**
 * Bounds of the gRPC server.
 *
 * @param maxMessageBytes above this a call is ended
 * @param maxStreams calls at the same time on one connection; more wait
 * @param keepAliveTime a connection that is silent for so long is asked whether it lives
 * @param keepAliveTimeout and closed if it does not answer in this time
 */
public record GrpcLimits(
    int maxMessageBytes, int maxStreams, Duration keepAliveTime, Duration keepAliveTimeout) {}
