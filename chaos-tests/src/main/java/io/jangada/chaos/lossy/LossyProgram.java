// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.lossy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;

/** The program {@code lossyfs}, compiled from its source if it has not been yet. */
final class LossyProgram {
  private static final String SOURCE = "lossyfs.c";
  private static final String REMEDY =
      "; try: apt-get install fuse3 libfuse3-dev pkg-config gcc libc6-dev";

  private LossyProgram() {}

  /**
   * The executable.
   *
   * @throws IOException if it cannot be compiled here; the message says what is missing
   */
  static synchronized Path executable() throws IOException, InterruptedException {
    byte[] source;
    try (InputStream in = LossyProgram.class.getResourceAsStream(SOURCE)) {
      source = Objects.requireNonNull(in, SOURCE).readAllBytes();
    }
    CRC32C checksum = new CRC32C();
    checksum.update(source);
    Path directory = Files.createDirectories(target().resolve("lossyfs"));
    String name = "lossyfs-" + HexFormat.of().toHexDigits((int) checksum.getValue());
    Path executable = directory.resolve(name);
    if (Files.isExecutable(executable)) {
      return executable;
    }
    // Two test processes may build it at once.
    Path fresh = directory.resolve(name + "." + ProcessHandle.current().pid());
    Path file = Files.write(fresh.resolveSibling(fresh.getFileName() + ".c"), source);
    List<String> command =
        new ArrayList<>(List.of("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"));
    command.addAll(List.of("-o", fresh.toString(), file.toString()));
    command.addAll(words(run(List.of("pkg-config", "--cflags", "--libs", "fuse3"))));
    command.add("-pthread");
    run(command);
    Files.delete(file);
    Files.move(fresh, executable, StandardCopyOption.ATOMIC_MOVE);
    return executable;
  }

  private static Path target() {
    Path module = Path.of("chaos-tests");
    return (Files.isDirectory(module) ? module.resolve("target") : Path.of("target"))
        .toAbsolutePath();
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.strip().split("\\s+"));
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException("expected " + command.get(0) + ", but it is not there" + REMEDY, e);
    }
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(
          "expected " + command.get(0) + " to succeed, but it said: " + said.strip() + REMEDY);
    }
    return said;
  }
}
