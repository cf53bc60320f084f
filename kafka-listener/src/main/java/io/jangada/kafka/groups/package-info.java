// SPDX-License-Identifier: Apache-2.0
/** Consumer groups: who coordinates them, their members, and their committed offsets. */
@NullMarked
package io.jangada.kafka.groups;

import org.jspecify.annotations.NullMarked;
