// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

/**
 * Under which number and epoch a producer writes to a partition (KIP-98).
 *
 * @param id given by the cluster
 * @param epoch the larger fences the smaller, for each partition
 */
record ProducerIdentity(long id, short epoch) {}
