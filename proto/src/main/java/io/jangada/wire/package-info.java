// SPDX-License-Identifier: Apache-2.0
/** How the value types of this module look on the gRPC wire, the same for both sides. */
@NullMarked
package io.jangada.wire;

import org.jspecify.annotations.NullMarked;
