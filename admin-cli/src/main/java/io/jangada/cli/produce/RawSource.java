// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import io.jangada.client.ProducerRecord;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The whole input is the value of one record. */
final class RawSource implements RecordSource {
  private final InputStream in;
  private final RecordTemplate template;
  private final int maxBytes;
  private boolean done;

  RawSource(InputStream in, RecordTemplate template, int maxBytes) {
    this.in = in;
    this.template = template;
    this.maxBytes = maxBytes;
  }

  @Override
  public @Nullable ProducerRecord next() throws IOException {
    if (done) {
      return null;
    }
    done = true;
    byte[] value = in.readNBytes(maxBytes + 1);
    if (value.length > maxBytes) {
      throw new CommandException(
          ExitCode.FAILED,
          "expected at most " + maxBytes + " bytes for one record, but the input is longer",
          "send it line by line, without --input raw");
    }
    return template.record(null, value);
  }
}
