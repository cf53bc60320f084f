// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.config;

import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with one configuration (KIP-339).
 *
 * @param name as the client calls it
 * @param type set, delete, append or subtract
 * @param value null only where it is to be deleted
 */
public record ConfigOperation(String name, OpType type, @Nullable String value) {}
