// SPDX-License-Identifier: Apache-2.0
/**
 * A file system that forgets what was not synced: what a power loss does to a disk, by command. Its
 * C source is a resource beside these classes and is compiled when it is first needed.
 */
@NullMarked
package io.jangada.chaos.lossy;

import org.jspecify.annotations.NullMarked;
