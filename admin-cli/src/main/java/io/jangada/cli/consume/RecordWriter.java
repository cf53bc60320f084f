// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.consume;

import io.jangada.client.ConsumerRecord;
import java.io.IOException;
import java.io.OutputStream;

/** Prints records one after the other. For one thread. */
interface RecordWriter {
  /** Writes one record to the stream, which buffers. */
  void write(ConsumerRecord record, OutputStream out) throws IOException;
}
