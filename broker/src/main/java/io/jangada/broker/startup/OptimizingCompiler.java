// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM's slow compiler, C2. It takes a third of the processor time of a broker's first minute,
 * which on a machine that has just lost its brokers is the time that clients wait. So its threads
 * are made to yield: they get what nobody else wants, and a tenth of a processor if everybody wants
 * it. Linux only, where threads have priorities of their own; elsewhere nothing is changed.
 */
final class OptimizingCompiler {
  private static final Logger LOG = LoggerFactory.getLogger(OptimizingCompiler.class);

  /** setpriority(2): a thread is named by its id, too. */
  private static final int PRIO_PROCESS = 0;

  /** A tenth of the weight of a normal thread; 19 would let it starve. */
  private static final int NICE = 10;

  /** The kernel cuts names at 15 characters. */
  private static final String NAME_BEGINS = "C2 Compiler";

  private static final Path THREADS = Path.of("/proc/self/task");

  private OptimizingCompiler() {}

  /** Lowers the priority of its threads; those that it starts later inherit it. */
  static void yieldToOthers() {
    if (!Files.isDirectory(THREADS)) {
      return;
    }
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("comm")).startsWith(NAME_BEGINS)) {
          lower(Integer.parseInt(String.valueOf(thread.getFileName())));
        }
      }
    } catch (IOException e) {
      LOG.debug("The optimizing compiler keeps its priority", e);
    }
  }

  // The one call that sets the priority of a single thread; the launcher allows native access.
  @SuppressWarnings("restricted")
  private static void lower(int threadId) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> function = linker.defaultLookup().find("setpriority");
    if (function.isEmpty()) {
      return;
    }
    MethodHandle setPriority =
        linker.downcallHandle(
            function.get(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT));
    try {
      int result = (int) setPriority.invokeExact(PRIO_PROCESS, threadId, NICE);
      LOG.debug("setpriority of the optimizing compiler: {}", result);
    } catch (Throwable e) {
      throw new IllegalStateException("setpriority cannot be called", e);
    }
  }
}
