// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import io.jangada.client.ProducerRecord;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where records come from, one after the other. For one thread. */
interface RecordSource {
  /**
   * The next record, or null at the end. Blocks for input.
   *
   * @throws IOException if the input cannot be read
   * @throws io.jangada.launcher.CommandException if it is malformed; names the line
   */
  @Nullable ProducerRecord next() throws IOException;
}
