// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Makes a file from the text that a machine has lying around: package descriptions, documentation,
 * manuals, logs, headers, scripts. One record in each line, its key in front of the first tab: the
 * package's name, or the file's. Where the machine has too little, it is written again under keys
 * that say so.
 */
final class DefaultInput {
  private static final long WANTED_BYTES = 56L * 1000 * 1000;
  private static final int MAX_LINE_CHARS = 64 * 1024;
  private static final List<Path> PACKAGE_LISTS =
      List.of(Path.of("/var/lib/dpkg/status"), Path.of("/var/lib/apt/lists"));
  private static final String APT_HELPER = "/usr/lib/apt/apt-helper";
  private static final List<Path> TEXTS =
      List.of(
          Path.of("/var/log"),
          Path.of("/usr/share/doc"),
          Path.of("/usr/share/man"),
          Path.of("/usr/share/perl"),
          Path.of("/usr/include"),
          Path.of("/usr/lib/python3"),
          Path.of("/usr/share"),
          Path.of("/usr/lib"),
          Path.of("/etc"));

  private final OutputStream out;
  private long written;
  private String round = "";

  private DefaultInput(OutputStream out) {
    this.out = out;
  }

  /** Writes the file and returns its size in bytes. */
  static long write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      DefaultInput input = new DefaultInput(out);
      for (int i = 1; input.wantsMore(); i++) {
        long before = input.written;
        input.gather();
        if (input.written == before) {
          throw new IOException("found no text on this machine; name a file with INPUT=");
        }
        input.round = "round-" + (i + 1) + "/";
      }
      return input.written;
    }
  }

  private boolean wantsMore() {
    return written < WANTED_BYTES;
  }

  private void gather() throws IOException {
    for (Path list : PACKAGE_LISTS) {
      for (Path file : filesUnder(list)) {
        tryEach(file, this::packages);
      }
    }
    for (Path directory : TEXTS) {
      for (Path file : filesUnder(directory)) {
        if (!wantsMore()) {
          return;
        }
        tryEach(file, this::lines);
      }
    }
  }

  private interface Reader {
    void read(Path file, BufferedReader text) throws IOException;
  }

  /** Passes over what cannot be read: other users' files, and what is no text. */
  private void tryEach(Path file, Reader reader) throws IOException {
    if (!wantsMore() || !isText(file)) {
      return;
    }
    try (BufferedReader text =
        new BufferedReader(new InputStreamReader(open(file), StandardCharsets.ISO_8859_1))) {
      reader.read(file, text);
    } catch (WriteFailed e) {
      throw e.getCause();
    } catch (IOException e) {
      System.err.println("passing over " + file + ": " + e.getMessage());
    }
  }

  /** Stanzas of a package list: one record each, the package's name in front. */
  private void packages(Path file, BufferedReader text) throws IOException {
    StringBuilder stanza = new StringBuilder();
    String name = "";
    for (String line = text.readLine(); line != null; line = text.readLine()) {
      if (line.startsWith("Package: ")) {
        name = line.substring("Package: ".length());
      }
      if (line.isEmpty()) {
        write(name, stanza);
        stanza.setLength(0);
        name = "";
      } else {
        stanza.append(stanza.isEmpty() ? "" : " ").append(line.strip());
      }
    }
    write(name, stanza);
  }

  /** Lines of any text: one record each, the file's name in front. */
  private void lines(Path file, BufferedReader text) throws IOException {
    String name = file.toString();
    for (String line = text.readLine(); line != null && wantsMore(); line = text.readLine()) {
      write(name, line);
    }
  }

  private void write(String key, CharSequence text) {
    if (key.isEmpty() || text.toString().isBlank() || text.length() > MAX_LINE_CHARS) {
      return;
    }
    byte[] line =
        (round + key.replace('\t', ' ') + "\t" + text + "\n").getBytes(StandardCharsets.ISO_8859_1);
    try {
      out.write(line);
    } catch (IOException e) {
      throw new WriteFailed(e);
    }
    written += line.length;
  }

  private static InputStream open(Path file) throws IOException {
    String name = file.toString();
    if (name.endsWith(".lz4")) {
      // How apt compresses its lists; its own tool is there where they are.
      return new ProcessBuilder(APT_HELPER, "cat-file", name).start().getInputStream();
    }
    InputStream in = Files.newInputStream(file);
    try {
      return name.endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** By its name, and by a look at its first bytes unless it is compressed. */
  private static boolean isText(Path file) {
    String name = file.getFileName().toString();
    if (name.endsWith(".gz") || name.endsWith(".lz4")) {
      return !name.endsWith(".tar.gz");
    }
    try (InputStream in = Files.newInputStream(file)) {
      for (byte b : in.readNBytes(512)) {
        if (b >= 0 && b < ' ' && b != '\n' && b != '\t' && b != '\r') {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sorted, so that the same machine gives the same file. */
  private static List<Path> filesUnder(Path start) throws IOException {
    List<Path> files = new ArrayList<>();
    if (!Files.exists(start)) {
      return files;
    }
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && attributes.size() > 0) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(files);
    return files;
  }

  /** Tells a failure to write the output from one to read an input. */
  private static final class WriteFailed extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    private WriteFailed(IOException cause) {
      super(cause);
    }
  }
}
