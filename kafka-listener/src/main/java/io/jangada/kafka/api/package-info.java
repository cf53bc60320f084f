// SPDX-License-Identifier: Apache-2.0
/**
 * What a request of the Kafka protocol is to the classes that answer it: one class per API, in one
 * table.
 */
@NullMarked
package io.jangada.kafka.api;

import org.jspecify.annotations.NullMarked;
