// SPDX-License-Identifier: Apache-2.0
/**
 * The stream of metadata changes to brokers: every change in order from wherever a subscriber
 * stands, or the whole state where the way from there is no longer kept.
 */
@NullMarked
package io.jangada.metadata.publish;

import org.jspecify.annotations.NullMarked;
