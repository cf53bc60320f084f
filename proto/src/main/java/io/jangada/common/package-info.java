// SPDX-License-Identifier: Apache-2.0
/** Value types that every module shares: identities, error codes, the typed exception. */
@NullMarked
package io.jangada.common;

import org.jspecify.annotations.NullMarked;
