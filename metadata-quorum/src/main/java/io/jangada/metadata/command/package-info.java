// SPDX-License-Identifier: Apache-2.0
/**
 * The vocabulary of the metadata: what is asked of the controller ({@link
 * io.jangada.metadata.command.ControllerRequest}) and answered, what it proposes to the log ({@link
 * io.jangada.metadata.command.ConditionalBatch}), and the facts that the log holds ({@link
 * io.jangada.metadata.command.MetadataRecord}), with their encoding.
 */
@NullMarked
package io.jangada.metadata.command;

import org.jspecify.annotations.NullMarked;
