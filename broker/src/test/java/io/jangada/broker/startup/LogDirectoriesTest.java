// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDirectoriesTest {
  private static final NodeIdentity NODE =
      new NodeIdentity(
          new UUID(1, 1), 7, new UUID(2, 2), UUID.randomUUID(), UUID.randomUUID(), false);

  @TempDir Path temp;
  private Path data;
  private Path first;
  private Path second;

  @BeforeEach
  void makeDataDirectory() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    first = temp.resolve("disk-1");
    second = temp.resolve("disk-2");
  }

  private List<LogDirectories.Found> verify(Path... paths) {
    return LogDirectories.verify(data, List.of(paths), NODE);
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(JangadaException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void theOneByDefaultHasTheIdentityOfTheDataDirectory() {
    List<LogDirectories.Found> found = verify(data.resolve("log"));
    assertThat(found.getFirst().id()).contains(NODE.directoryId());
    assertThat(data).isEmptyDirectory();
    // And keeps it when others come to it.
    assertThat(verify(data.resolve("log"), first).getFirst().id()).contains(NODE.directoryId());
  }

  @Test
  void eachKeepsItsIdentityWhereverItIsMounted() throws IOException {
    List<LogDirectories.Found> before = verify(first, second);
    assertThat(before).allMatch(LogDirectories.Found::usable);
    assertThat(before.get(0).id()).isNotEqualTo(before.get(1).id());
    assertThat(verify(first, second)).isEqualTo(before);

    Path aside = temp.resolve("aside");
    Files.move(first, aside);
    Files.move(second, first);
    Files.move(aside, second);
    List<LogDirectories.Found> swapped = verify(first, second);
    assertThat(swapped.get(0).id()).isEqualTo(before.get(1).id());
    assertThat(swapped.get(1).id()).isEqualTo(before.get(0).id());
  }

  @Test
  void oneThatWasThereAndIsEmptyNowIsNotTakenForANewOne() throws IOException {
    List<LogDirectories.Found> before = verify(first, second);
    Files.delete(second.resolve(LogDirectories.FILE_NAME));
    List<LogDirectories.Found> found = verify(first, second);
    assertThat(found.get(0)).isEqualTo(before.get(0));
    assertThat(found.get(1).usable()).isFalse();
    assertThat(found.get(1).id()).isEqualTo(before.get(1).id());
    assertThat(found.get(1).problem()).contains("not mounted");
    assertThat(second).isEmptyDirectory();

    LogDirectories.format(second, NODE.clusterId(), NODE.nodeId());
    LogDirectories.Found replaced = verify(first, second).get(1);
    assertThat(replaced.usable()).isTrue();
    assertThat(replaced.id()).isPresent().isNotEqualTo(before.get(1).id());
  }

  @Test
  void oneOfWhichNothingCanBeReadIsLeftAsideWhileAnotherIsThere() throws IOException {
    Files.createFile(second);
    List<LogDirectories.Found> found = verify(first, second);
    assertThat(found).extracting(LogDirectories.Found::usable).containsExactly(true, false);
    assertRefused(ErrorCode.STORAGE_ERROR, () -> verify(second));
  }

  @Test
  void whatIsNotThisBrokersIsRefused() throws IOException {
    LogDirectories.format(first, new UUID(9, 9), NODE.nodeId());
    assertRefused(ErrorCode.INCONSISTENT_CLUSTER_ID, () -> verify(first, second));
    LogDirectories.format(temp.resolve("disk-3"), NODE.clusterId(), 8);
    assertRefused(ErrorCode.INCONSISTENT_NODE_ID, () -> verify(temp.resolve("disk-3")));
    Files.createDirectory(temp.resolve("disk-4"));
    Files.createFile(temp.resolve("disk-4/holiday.jpg"));
    assertRefused(ErrorCode.STORAGE_ERROR, () -> verify(second, temp.resolve("disk-4")));
  }

  @Test
  void aCopyIsRefused() throws IOException {
    verify(first);
    Files.createDirectory(second);
    Files.copy(first.resolve(LogDirectories.FILE_NAME), second.resolve(LogDirectories.FILE_NAME));
    assertRefused(ErrorCode.STORAGE_ERROR, () -> verify(first, second));
  }
}
