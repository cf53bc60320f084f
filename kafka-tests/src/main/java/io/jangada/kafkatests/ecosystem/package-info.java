// SPDX-License-Identifier: Apache-2.0
/**
 * Kafka's own programs that build on brokers: VerifiableConsumer, Connect, Streams, MirrorMaker.
 * Each in processes of its own, with brokers and programs killed in the middle; {@link
 * io.jangada.kafkatests.ecosystem.Ecosystem} is the program.
 */
@NullMarked
package io.jangada.kafkatests.ecosystem;

import org.jspecify.annotations.NullMarked;
