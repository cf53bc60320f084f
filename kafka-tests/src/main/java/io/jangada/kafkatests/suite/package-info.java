// SPDX-License-Identifier: Apache-2.0
/**
 * Kafka's own integration tests against Jangada. Each test gets a cluster with nothing in it,
 * booted by another process ({@link io.jangada.kafkatests.suite.ClusterHost}), so that this one has
 * only the test's threads. {@link io.jangada.kafkatests.suite.Suite} is the program.
 */
@NullMarked
package io.jangada.kafkatests.suite;

import org.jspecify.annotations.NullMarked;
