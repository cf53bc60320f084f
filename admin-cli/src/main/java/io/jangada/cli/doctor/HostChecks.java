// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.doctor;

import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks of this machine: run where a broker runs, as the user it runs as. */
final class HostChecks {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\S+)\\s+(\\S+).*");
  private static final long ENOUGH_FILES = 65_536;
  private static final Path MAPS = Path.of("/proc/sys/vm/max_map_count");
  private static final long ENOUGH_MAPS = 65_530;
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
  private static final long ENOUGH_MEMORY_KB = 1 << 20;
  private static final long LITTLE_DISK_BYTES = 5L << 30;
  private static final double BYTES_PER_GB = 1e9;
  private static final int SYNCS = 50;
  private static final int SYNC_BYTES = 4096;
  private static final double SLOW_SYNC_MS = 20;

  private HostChecks() {}

  static List<Finding> all(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "expected a directory, but " + directory + " is none",
          "name the directory of the broker's data with --data DIR");
    }
    return List.of(files(), maps(), memory(), space(directory), syncs(directory));
  }

  private static Finding files() {
    String check = "file handles";
    for (String line : lines(LIMITS)) {
      Matcher matcher = OPEN_FILES.matcher(line);
      if (matcher.matches()) {
        // The JVM raises the soft limit to the hard one.
        String hard = matcher.group(2);
        long limit = hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
        return limit >= ENOUGH_FILES
            ? Finding.ok(check, "at most " + hard)
            : Finding.warning(
                check,
                "at most " + hard + ", and each partition keeps several open",
                "raise the limit to " + ENOUGH_FILES + ": LimitNOFILE= in systemd, or ulimit -Hn");
      }
    }
    return Finding.skipped(check, "this system does not tell");
  }

  private static Finding maps() {
    String check = "memory maps";
    List<String> lines = lines(MAPS);
    if (lines.isEmpty()) {
      return Finding.skipped(check, "this system does not tell");
    }
    long limit = Long.parseLong(lines.getFirst().strip());
    return limit >= ENOUGH_MAPS
        ? Finding.ok(check, "at most " + limit)
        : Finding.warning(
            check, "at most " + limit, "sysctl -w vm.max_map_count=" + 4 * ENOUGH_FILES);
  }

  private static Finding memory() {
    String check = "memory";
    for (String line : lines(MEMORY)) {
      Matcher matcher = AVAILABLE.matcher(line);
      if (matcher.matches()) {
        long kb = Long.parseLong(matcher.group(1));
        String found = "%.1f GB available".formatted(kb * 1024 / BYTES_PER_GB);
        return kb >= ENOUGH_MEMORY_KB
            ? Finding.ok(check, found)
            : Finding.warning(check, found, "give the broker 1 GB: heap, buffers and page cache");
      }
    }
    return Finding.skipped(check, "this system does not tell");
  }

  private static Finding space(Path directory) {
    String check = "disk space";
    try {
      FileStore store = Files.getFileStore(directory);
      long free = store.getUsableSpace();
      String found =
          "%.1f of %.1f GB free in %s (%s)"
              .formatted(
                  free / BYTES_PER_GB,
                  store.getTotalSpace() / BYTES_PER_GB,
                  directory,
                  store.type());
      return free >= LITTLE_DISK_BYTES
          ? Finding.ok(check, found)
          : Finding.warning(
              check, found, "free some, or lower retention.bytes of the largest topics");
    } catch (IOException e) {
      return Finding.failed(check, "cannot be read: " + e, "check the directory's permissions");
    }
  }

  /** What each acknowledged record waits for, on the way to the disk. */
  private static Finding syncs(Path directory) {
    String check = "disk sync";
    try {
      Path file = Files.createTempFile(directory, ".jangada-doctor-", ".tmp");
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        double[] ms = new double[SYNCS];
        for (int i = 0; i < SYNCS; i++) {
          long begin = System.nanoTime();
          channel.write(ByteBuffer.allocate(SYNC_BYTES));
          channel.force(false);
          ms[i] = (System.nanoTime() - begin) / (double) TimeUnit.MILLISECONDS.toNanos(1);
        }
        Arrays.sort(ms);
        double worst = ms[SYNCS - 2];
        String found = "4 KB in %.2f ms, %.2f ms at worst".formatted(ms[SYNCS / 2], ms[SYNCS - 1]);
        return worst < SLOW_SYNC_MS
            ? Finding.ok(check, found)
            : Finding.warning(
                check, found, "use a faster disk, or one that nothing else writes to");
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      return Finding.failed(
          check, "cannot write to " + directory + ": " + e, "check the directory's permissions");
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      return new ArrayList<>();
    }
  }
}
