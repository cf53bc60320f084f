// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

/**
 * A value as it was written, and where.
 *
 * @param text the value; the elements of a list are joined with commas
 * @param source for people: {@code jangada.yaml:7}, {@code environment variable JANGADA_NODE_ID},
 *     {@code --set}
 */
public record ConfigValue(String text, String source) {}
