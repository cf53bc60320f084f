// SPDX-License-Identifier: Apache-2.0
/**
 * What {@code make run} shows: a real file streamed through three broker processes, the leader
 * killed on the way, everything read back and compared.
 */
@NullMarked
package io.jangada.chaos.run;

import org.jspecify.annotations.NullMarked;
