// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The three calls of Linux that the JDK has no method for, and that a segment could be written
 * with: sync_file_range, posix_fadvise and pwritev2. Thread-safe.
 */
final class NativeFiles {
  /** SYNC_FILE_RANGE_WRITE. */
  private static final int START = 2;

  /** SYNC_FILE_RANGE_WAIT_BEFORE, _WRITE and _WAIT_AFTER. */
  private static final int START_AND_WAIT = 7;

  private static final int FADV_DONTNEED = 4;
  private static final int RWF_DONTCACHE = 0x80;
  private static final int EINTR = 4;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final AddressLayout POINTER = ValueLayout.ADDRESS;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private final MethodHandle syncFileRange;
  private final MethodHandle fadvise;
  private final MethodHandle pwritev2;
  private final Field channelFd;
  private final Method fdVal;

  // The command that runs the benchmark allows native access.
  @SuppressWarnings("restricted")
  private NativeFiles() throws ReflectiveOperationException {
    Linker linker = Linker.nativeLinker();
    Linker.Option errno = Linker.Option.captureCallState("errno");
    syncFileRange =
        linker.downcallHandle(
            symbol(linker, "sync_file_range"),
            FunctionDescriptor.of(INT, INT, LONG, LONG, INT),
            errno);
    fadvise =
        linker.downcallHandle(
            symbol(linker, "posix_fadvise"), FunctionDescriptor.of(INT, INT, LONG, LONG, INT));
    pwritev2 =
        linker.downcallHandle(
            symbol(linker, "pwritev2"),
            FunctionDescriptor.of(LONG, INT, POINTER, INT, LONG, INT),
            errno);
    channelFd = Class.forName("sun.nio.ch.FileChannelImpl").getDeclaredField("fd");
    channelFd.setAccessible(true);
    fdVal = Class.forName("sun.nio.ch.IOUtil").getDeclaredMethod("fdVal", FileDescriptor.class);
    fdVal.setAccessible(true);
  }

  private static MemorySegment symbol(Linker linker, String name)
      throws ReflectiveOperationException {
    return linker
        .defaultLookup()
        .find(name)
        .orElseThrow(() -> new NoSuchMethodException("the C library has no " + name));
  }

  /**
   * The calls.
   *
   * @throws UnsupportedOperationException if this system has not got them
   */
  static NativeFiles find() {
    try {
      return new NativeFiles();
    } catch (ReflectiveOperationException e) {
      throw new UnsupportedOperationException("expected Linux and its C library", e);
    }
  }

  /** The descriptor of an open channel, valid until it is closed. */
  int descriptor(FileChannel channel) throws IOException {
    try {
      return (int) fdVal.invoke(null, channelFd.get(channel));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new IOException("the channel has no descriptor", e);
    }
  }

  /** Starts to write the range to the disk. */
  void startWriting(int fd, long from, long bytes) throws IOException {
    syncFileRange(fd, from, bytes, START);
  }

  /** Waits until the range is on its way no more, and takes it out of the page cache. */
  void finishWriting(int fd, long from, long bytes) throws IOException {
    syncFileRange(fd, from, bytes, START_AND_WAIT);
    try {
      int errno = (int) fadvise.invokeExact(fd, from, bytes, FADV_DONTNEED);
      if (errno != 0) {
        throw failed("posix_fadvise", errno);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("posix_fadvise", e);
    }
  }

  private void syncFileRange(int fd, long from, long bytes, int flags) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      while ((int) syncFileRange.invokeExact(state, fd, from, bytes, flags) != 0) {
        int errno = (int) ERRNO.get(state, 0L);
        if (errno != EINTR) {
          throw failed("sync_file_range", errno);
        }
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("sync_file_range", e);
    }
  }

  /**
   * Writes what remains, at the position, and lets it leave the page cache once it is on the disk.
   *
   * @param from a direct buffer
   */
  void writeUncached(int fd, ByteBuffer from, long position) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment vector = arena.allocate(POINTER.byteSize() + LONG.byteSize());
      long at = position;
      while (from.hasRemaining()) {
        vector.set(POINTER, 0, MemorySegment.ofBuffer(from));
        vector.set(LONG, POINTER.byteSize(), from.remaining());
        long count = (long) pwritev2.invokeExact(state, fd, vector, 1, at, RWF_DONTCACHE);
        if (count < 0) {
          int errno = (int) ERRNO.get(state, 0L);
          if (errno != EINTR) {
            throw failed("pwritev2", errno);
          }
        } else {
          from.position(from.position() + (int) count);
          at += count;
        }
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("pwritev2", e);
    }
  }

  private static IOException failed(String call, int errno) {
    return new IOException(call + " failed with errno " + errno);
  }
}
