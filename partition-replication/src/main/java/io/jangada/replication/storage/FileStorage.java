// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The file system through {@link FileChannel}. No mapping: a full disk under one kills the process,
 * and page faults stall threads at will.
 */
public final class FileStorage implements Storage {
  private final StreamedWay streamedWay;
  private final WriteBehind behind = new WriteBehind();

  /** Files that are written in the ways that were measured to be the best (ADR 6). */
  public FileStorage() {
    this(StreamedWay.WRITE_BEHIND);
  }

  /** For measurements: streamed files are written in this way. */
  public FileStorage(StreamedWay streamedWay) {
    this.streamedWay = streamedWay;
  }

  @Override
  public StorageFile open(Path path, FileUse use) throws IOException {
    return switch (use) {
      case CACHED -> new ChannelFile(channel(path));
      case STREAMED -> streamed(channel(path));
      case DURABLE -> DurableFile.open(path);
    };
  }

  private StorageFile streamed(FileChannel channel) throws IOException {
    NativeFiles calls = NativeFiles.get();
    return calls == null || streamedWay == StreamedWay.BUFFERED
        ? new ChannelFile(channel)
        : new StreamedFile(channel, calls, streamedWay, behind);
  }

  private static FileChannel channel(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    Files.createDirectories(directory);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void replace(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long usableBytes(Path path) throws IOException {
    return Files.getFileStore(path).getUsableSpace();
  }
}
