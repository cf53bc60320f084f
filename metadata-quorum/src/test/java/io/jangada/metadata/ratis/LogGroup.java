// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Members of one log in this JVM, whose state is the list of what was proposed. */
final class LogGroup implements AutoCloseable {
  /** A state that is kept in a text file only when it is asked for a snapshot. */
  static final class Lines implements ReplicatedState<Integer> {
    final List<String> lines = new CopyOnWriteArrayList<>();
    final java.util.concurrent.atomic.AtomicInteger installed =
        new java.util.concurrent.atomic.AtomicInteger();

    @Override
    public LogPosition position() {
      return LogPosition.NONE;
    }

    @Override
    public Integer apply(LogPosition position, byte[] entry) {
      lines.add(new String(entry, UTF_8));
      return lines.size();
    }

    @Override
    public void snapshot(LogPosition position, Path file) throws IOException {
      Files.write(file, lines);
    }

    @Override
    public void install(Path file) throws IOException {
      lines.clear();
      lines.addAll(Files.readAllLines(file));
      installed.incrementAndGet();
    }

    @Override
    public void closing() {}
  }

  /** One member. */
  static final class Member {
    final Lines state = new Lines();
    final CollectorRegistry registry = new CollectorRegistry();
    final List<String> events = new CopyOnWriteArrayList<>();
    final MetadataLog<Integer> log;

    Member(LogSettings settings) {
      log =
          RatisMetadataLog.start(
              settings,
              state,
              new LogListener() {
                @Override
                public void onLeader(long term) {
                  events.add("leader");
                }

                @Override
                public void onFollower() {
                  events.add("follower");
                }

                @Override
                public void onVoters(boolean thisMemberVotes) {
                  events.add(thisMemberVotes ? "votes" : "votes not");
                }

                @Override
                public void onClosed(boolean outside) {
                  events.add(outside ? "removed" : "failed");
                }

                @Override
                public void onFailed(Throwable cause) {
                  events.add("failed");
                }
              },
              registry);
    }
  }

  private final Path directory;
  private final long snapshotEvery;
  private final List<LogMember> members = new ArrayList<>();
  private final Map<Integer, Member> running = new TreeMap<>();

  LogGroup(Path directory, int size, long snapshotEvery) {
    this.directory = directory;
    this.snapshotEvery = snapshotEvery;
    for (int id = 1; id <= size; id++) {
      members.add(new LogMember(id, UUID.randomUUID(), freeAddress()));
    }
  }

  static String freeAddress() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return "127.0.0.1:" + socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  LogMember member(int id) {
    return members.get(id - 1);
  }

  LogSettings settings(int id) {
    return new LogSettings(
        "test", member(id), members, directory.resolve("n" + id), snapshotEvery, 1_024);
  }

  Member start(int id) {
    Member member = new Member(settings(id));
    running.put(id, member);
    return member;
  }

  void startAll() {
    for (LogMember member : members) {
      start(member.nodeId());
    }
  }

  void stop(int id) {
    @Nullable Member member = running.remove(id);
    if (member != null) {
      member.log.close();
    }
  }

  int awaitLeader() {
    await("a leader", () -> running.values().stream().anyMatch(m -> m.log.leading()));
    return running.entrySet().stream()
        .filter(e -> e.getValue().log.leading())
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  Member get(int id) {
    return java.util.Objects.requireNonNull(running.get(id));
  }

  int propose(String line) throws Exception {
    CompletableFuture<Integer> done = get(awaitLeader()).log.propose(line.getBytes(UTF_8));
    return done.get(10, TimeUnit.SECONDS);
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("expected " + what + " within 15 s");
      }
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::stop);
  }
}
