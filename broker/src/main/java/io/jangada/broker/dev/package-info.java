// SPDX-License-Identifier: Apache-2.0
/**
 * A cluster for development: N real broker processes on this machine as children of one foreground
 * process, with a file that says where they are.
 */
@NullMarked
package io.jangada.broker.dev;

import org.jspecify.annotations.NullMarked;
