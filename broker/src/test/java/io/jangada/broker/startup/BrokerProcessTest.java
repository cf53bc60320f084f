// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.config.ConfigLoader;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BrokerProcessTest {
  private static final int NODE_ID = 3;

  @TempDir Path directory;
  private final List<Integer> halted = new ArrayList<>();
  private Thread.UncaughtExceptionHandler before;

  @BeforeEach
  void rememberHandler() {
    before = Thread.getDefaultUncaughtExceptionHandler();
  }

  @AfterEach
  void restoreHandler() {
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  @Test
  void runsUntilAskedToStopAndLeavesACleanMark() throws Exception {
    format();
    CountDownLatch started = new CountDownLatch(1);
    List<String> trace = new ArrayList<>();
    BrokerProcess process =
        process(
            (steps, node) -> {
              assertThat(node.identity().nodeId()).isEqualTo(NODE_ID);
              assertThat(node.runMark().previous().existed()).isFalse();
              assertThat(node.readiness().evaluate().get("startup")).hasValue("still starting");
              steps.onClose("service", () -> trace.add("service closed"));
              node.runMark().registered(17);
              started.countDown();
            });

    CompletableFuture<Boolean> run = runAsync(process);
    assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
    process.requestStop();

    assertThat(run.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(trace).containsExactly("service closed");
    assertThat(Files.readString(directory.resolve(RunMark.FILE_NAME)))
        .contains("state=clean", "broker.epoch=17");
    DirectoryLock.acquire(directory).close();
  }

  @Test
  void aServiceThatDoesNotCloseMeansNoCleanMark() throws Exception {
    format();
    CountDownLatch started = new CountDownLatch(1);
    BrokerProcess process =
        process(
            (steps, node) -> {
              node.runMark().registered(17);
              started.countDown();
              steps.onClose(
                  "service",
                  () -> {
                    throw new IOException("disk gone");
                  });
            });
    CompletableFuture<Boolean> run = runAsync(process);
    assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
    process.requestStop();

    assertThat(run.get(30, TimeUnit.SECONDS)).isFalse();
    assertThat(Files.readString(directory.resolve(RunMark.FILE_NAME))).contains("state=running");
  }

  @Test
  void aFailedStartUpClosesWhatItHadOpened() {
    format();
    BrokerProcess process =
        process(
            (steps, node) -> {
              throw new JangadaException(ErrorCode.QUORUM_UNAVAILABLE, "no quorum");
            });

    assertThatExceptionOfType(JangadaException.class)
        .isThrownBy(process::run)
        .withMessage("no quorum");
    assertThat(reacquire()).isTrue();
  }

  @Test
  void anUnformattedDirectoryIsRefused() {
    assertRefused(ErrorCode.STORAGE_NOT_FORMATTED, process((steps, node) -> {}));
  }

  @Test
  void aLockedDirectoryIsRefused() throws Exception {
    format();
    try (DirectoryLock held = DirectoryLock.acquire(directory)) {
      assertThat(held).isNotNull();
      assertRefused(ErrorCode.STORAGE_LOCKED, process((steps, node) -> {}));
    }
  }

  @Test
  void aTakenPortIsRefusedByTheKeyThatSetsIt() throws Exception {
    format();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      BrokerProcess process =
          new BrokerProcess(
              config("listeners.ratis-port=" + taken.getLocalPort()),
              (steps, node) -> {},
              halted::add);
      assertThatExceptionOfType(JangadaException.class)
          .isThrownBy(process::run)
          .withMessageContaining(taken.getLocalPort() + " (listeners.ratis-port) to be free")
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.PORT_IN_USE))
          .satisfies(e -> assertThat(e.hint()).contains("ss -ltnp"));
    }
  }

  @Test
  void anAddressOfAnotherMachineIsRefused() {
    format();
    BrokerProcess process =
        new BrokerProcess(
            config("listeners.bind-host=192.0.2.1"), (steps, node) -> {}, halted::add);
    assertRefused(ErrorCode.INVALID_CONFIG, process);
  }

  @Test
  void anErrorOrADeadThreadOfOursEndsTheProcess() throws Exception {
    FatalErrors fatal = new FatalErrors(new io.prometheus.client.CollectorRegistry(), halted::add);

    fatal.uncaughtException(new Thread("library-1"), new IllegalStateException("bug"));
    assertThat(halted).isEmpty();
    fatal.uncaughtException(new Thread("library-1"), new OutOfMemoryError());
    fatal.uncaughtException(new Thread("jangada-partitions-0"), new IllegalStateException("bug"));
    assertThat(halted).containsExactly(FatalErrors.EXIT_CODE, FatalErrors.EXIT_CODE);
  }

  private void assertRefused(ErrorCode code, BrokerProcess process) {
    assertThatExceptionOfType(JangadaException.class)
        .isThrownBy(process::run)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  private boolean reacquire() {
    try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
      return lock != null;
    } catch (IOException e) {
      return false;
    }
  }

  private void format() {
    DataDirectory.format(directory, new UUID(1, 1), NODE_ID, UUID.randomUUID());
  }

  private BrokerProcess process(NodeServices services) {
    return new BrokerProcess(config(), services, halted::add);
  }

  private BrokerConfig config(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "node.id=" + NODE_ID,
                "storage.directory=" + directory,
                "listeners.http-port=0",
                "listeners.grpc-port=" + freePort(),
                "listeners.ratis-port=" + freePort()));
    all.addAll(List.of(overrides));
    return ConfigLoader.of(all.toArray(String[]::new));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static CompletableFuture<Boolean> runAsync(BrokerProcess process) {
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("broker-process-test")
        .start(
            () -> {
              try {
                result.complete(process.run());
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            });
    return result;
  }
}
