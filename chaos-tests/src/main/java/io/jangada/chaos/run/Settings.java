// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What {@code make run} was asked for.
 *
 * @param input the file to stream
 * @param directory for the cluster's data and logs
 * @param once whether to end when it is done
 */
record Settings(Path input, Path directory, boolean once) {
  /**
   * From the environment: {@code INPUT}, {@code ONCE}; without an input one is gathered from the
   * machine.
   */
  static Settings of(Map<String, String> environment) throws IOException {
    Path work = Path.of(".jangada", "run").toAbsolutePath();
    String named = environment.getOrDefault("INPUT", "");
    Path input = named.isEmpty() ? work.resolve("input.txt") : Path.of(named).toAbsolutePath();
    if (named.isEmpty()) {
      System.out.println("gathering text from this machine into " + input);
      DefaultInput.write(input);
    }
    if (!Files.isRegularFile(input) || Files.size(input) == 0) {
      throw new IOException("expected a file with text, but " + input + " is none; set INPUT=");
    }
    boolean once = !environment.getOrDefault("ONCE", "").isEmpty();
    return new Settings(input, work.resolve("cluster"), once);
  }
}
