// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * What processes have used up, as Linux accounts for it in /proc.
 *
 * @param cpuSeconds user and system time since they began
 * @param residentBytes memory in RAM now
 */
record ProcessUsage(double cpuSeconds, long residentBytes) {
  /** USER_HZ, which is 100 on every Linux this runs on (proc(5)). */
  private static final double TICKS_PER_SECOND = 100;

  private static final int UTIME_FIELD = 11;
  private static final int STIME_FIELD = 12;
  private static final String RESIDENT = "VmRSS:";

  /** What the benchmark itself, and so its client, has used up. */
  static ProcessUsage ofThisProcess() throws IOException {
    return of(List.of(ProcessHandle.current().pid()));
  }

  /** The sum over the processes. */
  static ProcessUsage of(Collection<Long> pids) throws IOException {
    double cpuSeconds = 0;
    long residentBytes = 0;
    for (long pid : pids) {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The command's name may hold spaces; what follows its closing parenthesis does not.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      cpuSeconds +=
          (Long.parseLong(fields[UTIME_FIELD]) + Long.parseLong(fields[STIME_FIELD]))
              / TICKS_PER_SECOND;
      residentBytes += residentBytes(pid);
    }
    return new ProcessUsage(cpuSeconds, residentBytes);
  }

  private static long residentBytes(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith(RESIDENT)) {
        String kilobytes = line.substring(RESIDENT.length()).replace("kB", "").trim();
        return Long.parseLong(kilobytes) * 1024;
      }
    }
    return 0;
  }
}
