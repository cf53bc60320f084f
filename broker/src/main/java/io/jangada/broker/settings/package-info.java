// SPDX-License-Identifier: Apache-2.0
/**
 * What of the configuration changes while the node runs: what is in force now, where it comes from,
 * and how it is changed.
 */
@NullMarked
package io.jangada.broker.settings;

import org.jspecify.annotations.NullMarked;
