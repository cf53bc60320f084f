// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.MetadataBackup;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada quorum backup}. */
@Command(
    name = "backup",
    description = {
      "Write the cluster's metadata into a file while the cluster runs: topics, partitions,"
          + " settings, brokers; no records of topics.",
      "The file is read back and checked before it gets its name."
    })
public final class QuorumBackup implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "FILE", description = "A new file.")
  private Path file = Path.of("");

  @Option(
      names = "--local",
      description =
          "What the node that is asked knows, though the quorum may not answer it any more.")
  private boolean local;

  @Option(names = "--verify", description = "Only check a file that is there; asks no cluster.")
  private boolean verify;

  /** Made by the launcher. */
  public QuorumBackup(Invocation invocation) {
    this.invocation = invocation;
  }

  /** The names are a contract. */
  private record Answer(
      String file,
      String clusterId,
      String historyId,
      long index,
      int featureLevel,
      long records,
      long bytes,
      long createdMs) {}

  @Override
  public Integer call() {
    if (verify) {
      return print(check(file));
    }
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    if (Files.exists(file)) {
      throw new CommandException(
          ExitCode.UNSAFE,
          "expected a new file, but " + file + " is there",
          "choose another name; jangada quorum backup --verify " + file + " says what it is");
    }
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial))) {
        admin.backupMetadata(local, out);
      }
      MetadataBackup backup = check(partial);
      try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      return print(backup);
    } catch (IOException | UncheckedIOException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "expected to write " + file + ", but " + reason(e),
          "check that its directory is there and has room",
          e);
    } finally {
      deleteIfThere(partial);
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
    return cause instanceof NoSuchFileException missing
        ? "there is no " + Path.of(missing.getFile()).toAbsolutePath().getParent()
        : String.valueOf(cause.getMessage());
  }

  private static void deleteIfThere(Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MetadataBackup check(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return MetadataBackup.verify(in, file.toString());
    } catch (NoSuchFileException e) {
      throw new CommandException(
          ExitCode.NOT_FOUND, "expected a backup, but there is no file " + file, "ls", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Integer print(MetadataBackup backup) {
    invocation
        .printer()
        .printText(
            new Answer(
                file.toString(),
                backup.clusterId(),
                backup.historyId(),
                backup.index(),
                backup.featureLevel(),
                backup.records(),
                backup.bytes(),
                backup.createdMs()),
            () ->
                "%s: metadata of cluster %s up to index %d, feature level %d%n%d records, %d bytes, whole%n"
                    .formatted(
                        file,
                        backup.clusterId(),
                        backup.index(),
                        backup.featureLevel(),
                        backup.records(),
                        backup.bytes()));
    return ExitCode.DONE.number();
  }
}
