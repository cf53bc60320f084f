// SPDX-License-Identifier: Apache-2.0
/**
 * What a broker does for clients, whatever they speak: the interfaces that every front door calls,
 * and their implementations over the partition registry and the metadata client. No wire type of
 * any front door is known here.
 */
@NullMarked
package io.jangada.broker.service;

import org.jspecify.annotations.NullMarked;
