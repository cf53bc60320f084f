// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.lossy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A mounted file system that knows what of its content is durable, and forgets the rest on command.
 *
 * <pre>{@code
 * try (LossyFileSystem disk = LossyFileSystem.mount(directory)) {
 *   // write below directory, then
 *   disk.powerOff(seed, Survivors.SOME); // everything fails from now on; kill who uses it
 *   disk.powerOn();                      // only what was synced is surely there
 * }
 * }</pre>
 *
 * <p>Starts empty; its content ends with it. Should this process die in whatever way, it is
 * unmounted. Thread-safe.
 */
public final class LossyFileSystem implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final Path mountpoint;
  private final Path backing;
  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  private LossyFileSystem(Path mountpoint, Path backing, Process process) {
    this.mountpoint = mountpoint;
    this.backing = backing;
    this.process = process;
    this.commands = process.outputWriter();
    this.answers = process.inputReader();
  }

  /** Why none can be mounted on this machine; empty if one can. */
  public static Optional<String> unavailable() throws InterruptedException {
    return tryOnce();
  }

  /**
   * Mounts one.
   *
   * @param mountpoint made if it is not there; what is in it is hidden
   * @throws IOException if it cannot be compiled or mounted; says what is missing
   */
  public static LossyFileSystem mount(Path mountpoint) throws IOException, InterruptedException {
    Path executable = LossyProgram.executable();
    Files.createDirectories(mountpoint);
    Path backing = Files.createTempDirectory("lossyfs-");
    Process process =
        new ProcessBuilder(
                executable.toString(), mountpoint.toAbsolutePath().toString(), backing.toString())
            .redirectErrorStream(true)
            .start();
    LossyFileSystem mounted = new LossyFileSystem(mountpoint, backing, process);
    try {
      mounted.expectOk("mount");
      return mounted;
    } catch (IOException e) {
      mounted.close();
      throw e;
    }
  }

  /** Where it is mounted. */
  public Path mountpoint() {
    return mountpoint;
  }

  /**
   * The power fails: what is not durable is gone but for the survivors, and everything fails with
   * EIO until {@link #powerOn}. Whoever has files open is to be killed before that.
   */
  public void powerOff(long seed, Survivors survivors) throws IOException {
    command("power-off " + Long.toUnsignedString(seed) + " " + survivors.word());
  }

  /** The power is back: serves what survived. */
  public void powerOn() throws IOException {
    command("power-on");
  }

  /**
   * Answers every sync of what is below the path without making it durable, until {@link #honest}.
   *
   * @param path relative to the mount point; there already
   */
  public void lie(String path) throws IOException {
    command("lie " + path);
  }

  /** Syncs make durable again; what was pending becomes so with its next sync. */
  public void honest() throws IOException {
    command("honest");
  }

  /**
   * When a name is durable: strictly only when its directory was synced, as POSIX has it; else in
   * the order of the changes and also with the file itself, as the journals of ext4 and XFS do it.
   */
  public void strictNames(boolean strict) throws IOException {
    command("namespace " + (strict ? "strict" : "ordered"));
  }

  /** Whether opening with O_DIRECT is allowed, or fails with EINVAL. */
  public void allowDirect(boolean allowed) throws IOException {
    command("direct " + (allowed ? "on" : "off"));
  }

  /** From now on each sync, also that of a write with O_DSYNC, takes so long; 0 for no delay. */
  public void slowSyncs(long ms) throws IOException {
    command("slow-sync " + ms);
  }

  /**
   * The next syncs fail with EIO, and what they should have made durable never becomes so, unless
   * it is written again.
   */
  public void failSyncs(int count) throws IOException {
    command("fail-syncs " + count);
  }

  /** ENOSPC for what would take it above so many bytes; 0 for no limit. */
  public void quota(long bytes) throws IOException {
    command("quota " + bytes);
  }

  /** What it has counted so far, by name. */
  public Map<String, Long> counters() throws IOException {
    Map<String, Long> counters = new HashMap<>();
    for (String word : command("stats").split(" ")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        counters.put(word.substring(0, equals), Long.valueOf(word.substring(equals + 1)));
      }
    }
    return counters;
  }

  /** Unmounts, also if files are open, and removes what it kept. */
  @Override
  public void close() throws IOException {
    commands.close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(backing);
  }

  private synchronized String command(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    return expectOk(command);
  }

  private String expectOk(String command) throws IOException {
    @Nullable String answer = answers.readLine();
    if (answer == null || !answer.startsWith("ok")) {
      throw new IOException(
          "expected lossyfs to %s at %s, but it answered: %s"
              .formatted(command, mountpoint, answer == null ? "(nothing, it ended)" : answer));
    }
    return answer;
  }

  private static Optional<String> tryOnce() throws InterruptedException {
    try {
      Path directory = Files.createTempDirectory("lossyfs-try-");
      try (LossyFileSystem tried = mount(directory)) {
        tried.counters();
      }
      Files.deleteIfExists(directory);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
