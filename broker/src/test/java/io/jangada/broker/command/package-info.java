// SPDX-License-Identifier: Apache-2.0
/** Tests of the verbs that run nodes. */
@NullMarked
package io.jangada.broker.command;

import org.jspecify.annotations.NullMarked;
