// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  @TempDir Path directory;

  /** A second process: takes the lock, says so, and holds it until its input ends. */
  static final class Holder {
    public static void main(String[] arguments) throws IOException {
      try (DirectoryLock lock = DirectoryLock.acquire(Path.of(arguments[0]))) {
        System.out.println("held " + (lock != null));
        System.out.flush();
        System.in.read();
      }
    }
  }

  @Test
  void asecondProcessIsRefusedWithTheHoldersPidUntilItDies() throws Exception {
    Process holder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(holder.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("held true");

      assertThatExceptionOfType(JangadaException.class)
          .isThrownBy(() -> DirectoryLock.acquire(directory))
          .withMessageContaining("process " + holder.pid() + " uses it")
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_LOCKED));
    } finally {
      holder.destroyForcibly();
    }
    assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
    DirectoryLock.acquire(directory).close();
  }

  @Test
  void aLockWhoseFileWasRemovedIsNotHeldAnyMoreEvenIfThereIsANewOne() throws IOException {
    try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
      assertThat(lock.held()).isTrue();
      Path file = directory.resolve(DirectoryLock.FILE_NAME);
      // Another file meanwhile, so that the number of the old one is not given again.
      Files.move(file, directory.resolve("removed"));
      assertThat(lock.held()).isFalse();
      Files.writeString(file, "another's");
      assertThat(lock.held()).isFalse();
    }
  }

  @Test
  void theSameProcessIsRefusedTooAndDoesNotLoseTheLock() throws IOException {
    try (DirectoryLock held = DirectoryLock.acquire(directory)) {
      assertThat(held).isNotNull();
      for (int i = 0; i < 2; i++) {
        assertThatExceptionOfType(JangadaException.class)
            .isThrownBy(() -> DirectoryLock.acquire(directory))
            .withMessageContaining("process " + ProcessHandle.current().pid());
      }
    }
    DirectoryLock.acquire(directory).close();
  }

  @Test
  void aMissingDirectoryIsAnError() {
    assertThatExceptionOfType(JangadaException.class)
        .isThrownBy(() -> DirectoryLock.acquire(directory.resolve("none")))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_ERROR));
  }
}
