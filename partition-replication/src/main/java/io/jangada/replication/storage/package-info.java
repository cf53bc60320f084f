// SPDX-License-Identifier: Apache-2.0
/**
 * The one place that touches files: a port under the logs and the journal, so that tests can stand
 * in a disk that is slow, full or broken, and so that the way of writing stays a choice of its own.
 */
@NullMarked
package io.jangada.replication.storage;

import org.jspecify.annotations.NullMarked;
