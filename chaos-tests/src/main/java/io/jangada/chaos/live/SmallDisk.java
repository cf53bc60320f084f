// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file system in memory of a given size, mounted for a test. For one thread. */
public final class SmallDisk {
  private static final int CHUNK_BYTES = 1 << 20;

  private @Nullable Path mountPoint;

  /**
   * Mounts it; needs the right to mount.
   *
   * @return where
   * @throws IOException if this machine does not let us, with what it says
   */
  public Path mount(int sizeMib) throws IOException, InterruptedException {
    Path fresh = Files.createTempDirectory("jangada-disk-");
    run("mount", "-t", "tmpfs", "-o", "size=" + sizeMib + "m", "tmpfs", fresh.toString());
    mountPoint = fresh;
    return fresh;
  }

  /**
   * Takes room away.
   *
   * @param leftBytes what is left of it
   * @return the file that takes it; deleting it gives it back
   */
  public Path fillUpTo(long leftBytes) throws IOException {
    Path mounted = mounted();
    Path filler = Files.createTempFile(mounted, "filler-", "");
    long toTake = Files.getFileStore(mounted).getUsableSpace() - leftBytes;
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.WRITE)) {
      while (toTake > 0) {
        toTake -= channel.write(chunk.clear().limit((int) Math.min(CHUNK_BYTES, toTake)));
      }
    }
    return filler;
  }

  /** Unmounts it with all that is on it. */
  public void close() throws IOException, InterruptedException {
    Path mounted = mountPoint;
    if (mounted != null) {
      mountPoint = null;
      run("umount", mounted.toString());
      Files.delete(mounted);
    }
  }

  private Path mounted() {
    Path mounted = mountPoint;
    if (mounted == null) {
      throw new IllegalStateException("expected a mounted disk, but there is none");
    }
    return mounted;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said.strip());
    }
  }
}
