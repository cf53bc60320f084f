// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.jangada.backup;

import org.jspecify.annotations.NullMarked;
