// SPDX-License-Identifier: Apache-2.0
/** The protocol as a contract: what is promised, how it is written and explained. */
@NullMarked
package io.jangada.contract;

import org.jspecify.annotations.NullMarked;
