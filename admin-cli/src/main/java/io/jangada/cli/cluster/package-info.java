// SPDX-License-Identifier: Apache-2.0
/** What the cluster consists of: {@code jangada partition}, {@code broker} and {@code quorum}. */
@NullMarked
package io.jangada.cli.cluster;

import org.jspecify.annotations.NullMarked;
