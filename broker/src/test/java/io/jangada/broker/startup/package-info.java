// SPDX-License-Identifier: Apache-2.0
/** Tests of how a node comes up and goes down. */
@NullMarked
package io.jangada.broker.startup;

import org.jspecify.annotations.NullMarked;
