// SPDX-License-Identifier: Apache-2.0
/** A member of the metadata quorum as one object: what the broker process starts and closes. */
@NullMarked
package io.jangada.metadata.quorum;

import org.jspecify.annotations.NullMarked;
