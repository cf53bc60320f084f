// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import io.grpc.BindableService;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.liveness.TcpProber;
import io.jangada.metadata.machine.Applied;
import io.jangada.metadata.membership.Admission;
import io.jangada.metadata.membership.MembershipRecord;
import io.jangada.metadata.membership.QuorumChange;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.metadata.publish.DeltaPublisher;
import io.jangada.metadata.publish.DeltaSink;
import io.jangada.metadata.ratis.LogListener;
import io.jangada.metadata.ratis.LogMember;
import io.jangada.metadata.ratis.LogSettings;
import io.jangada.metadata.ratis.LogView;
import io.jangada.metadata.ratis.MetadataLog;
import io.jangada.metadata.ratis.RatisMetadataLog;
import io.jangada.metadata.replica.LocalMetadata;
import io.jangada.metadata.rpc.GrpcCandidates;
import io.jangada.metadata.rpc.GrpcMemberDirectory;
import io.jangada.metadata.rpc.MemberEndpoint;
import io.jangada.metadata.rpc.QuorumService;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of the metadata quorum. Order of use: {@link #open}; serve {@link #services} on the
 * node's gRPC port, because the other members ask there before anybody votes; {@link #start};
 * {@link #close}. Thread-safe.
 */
public final class QuorumNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(QuorumNode.class);

  /** How long a member that knows no leader waits before it asks whether it still is one. */
  private static final Duration LEADERLESS = Duration.ofSeconds(1);

  private static final Duration PROGRESS = Duration.ofSeconds(1);
  private static final Duration GIVE_WAY_AGAIN = Duration.ofSeconds(10);

  private final QuorumNodeConfig config;
  private final CollectorRegistry registry;
  private final Consumer<Throwable> onFailed;
  private final RoomKeeper room;
  private final LocalMetadata metadata;
  private final QuorumVoters voters;
  private final DeltaPublisher publisher;
  private final TcpProber prober = new TcpProber();
  private final ControllerRunner controller;
  private final GrpcMemberDirectory directory;
  private final Admission admission;
  private final QuorumChanges changes;
  private final QuorumService service;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private volatile @Nullable MetadataLog<Applied> log;
  private volatile boolean closed;
  private volatile boolean failed;

  /** Only the room keeper's thread uses these two. */
  private boolean gaveWay;

  private long gaveWayAtNanos;
  private @Nullable Thread starter;

  private QuorumNode(
      QuorumNodeConfig config,
      CollectorRegistry registry,
      Consumer<Throwable> onFailed,
      RoomKeeper room,
      LocalMetadata metadata,
      QuorumVoters voters) {
    this.room = room;
    this.config = config;
    this.registry = registry;
    this.onFailed = onFailed;
    this.metadata = metadata;
    this.voters = voters;
    MembershipRecord membership = voters.membership();
    this.publisher = new DeltaPublisher(metadata, config.directory(), PROGRESS);
    this.controller =
        new ControllerRunner(
            new ControllerRunner.Identity(
                config.clusterId(), config.nodeId(), () -> voters.disks(view())),
            metadata::image,
            config.liveness(),
            prober,
            room,
            registry);
    this.directory =
        new GrpcMemberDirectory(
            config.clusterId(), config.nodeId(), voters.directoryId(), config.members());
    this.admission =
        new Admission(
            config.nodeId(), voters.directoryId(), config.members(), membership, directory);
    this.changes =
        new QuorumChanges(
            config.nodeId(),
            this::log,
            membership,
            new GrpcCandidates(config.clusterId()),
            prober,
            controller::votersChanged);
    this.service = new QuorumService(new Endpoint(), controller);
  }

  /**
   * Opens this member's storage; nothing runs yet.
   *
   * @param onFailed called once if the member can't go on (its disk or its log failed): stop the
   *     process; called on a thread of the log, must not block
   */
  public static QuorumNode open(
      QuorumNodeConfig config, CollectorRegistry registry, Consumer<Throwable> onFailed) {
    try {
      Files.createDirectories(config.directory());
      sweepLeftovers(config.directory());
      new Seal(config.directory()).verify(config.nodeId());
    } catch (IOException e) {
      throw new JangadaException(
          ErrorCode.STORAGE_ERROR,
          "expected to use the directory " + config.directory() + ", but " + e.getMessage(),
          "check the disk and the permissions",
          true,
          e);
    }
    QuorumVoters voters = QuorumVoters.open(config);
    RoomKeeper room = new RoomKeeper(config.directory(), config.sizes().room(), registry);
    try {
      room.look();
      LocalMetadata metadata =
          LocalMetadata.open(
              config.directory().resolve("metadata.mdb"), config.sizes().store(), room);
      QuorumNode node = new QuorumNode(config, registry, onFailed, room, metadata, voters);
      room.start(metadata::waitingForRoom, node::giveWayIfStuck);
      return node;
    } catch (RuntimeException e) {
      room.close();
      throw e;
    }
  }

  private static void sweepLeftovers(Path directory) throws IOException {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, "*.tmp")) {
      for (Path leftover : leftovers) {
        Files.delete(leftover);
      }
    }
  }

  /** What the node's gRPC server must serve before {@link #start}. */
  public List<BindableService> services() {
    return List.of(service);
  }

  /**
   * Joins the quorum on a thread of its own.
   *
   * @return completes once this member runs and knows a leader. Fails with a JangadaException whose
   *     hint says what to do: DUPLICATE_BROKER_ID if this disk must not vote,
   *     INCONSISTENT_CLUSTER_ID if a configured member is of another cluster, INVALID_CONFIG if the
   *     address can't be bound
   */
  public CompletableFuture<Void> start() {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("jangada-quorum-start-" + config.nodeId())
            .unstarted(this::join);
    starter = thread;
    thread.start();
    return ready;
  }

  private void join() {
    try {
      Path raft = config.directory().resolve("raft");
      if (!voters.waiting()) {
        admission.await(RatisMetadataLog.hasLog(raft));
      }
      List<LogMember> members = voters.atStart(raft);
      if (!voters.waiting() && members.stream().noneMatch(voters.self()::sameVoter)) {
        voters.membership().state(MembershipRecord.State.REMOVED);
        ready.complete(null);
        return;
      }
      LogSettings settings =
          new LogSettings(
              config.clusterId().toString(),
              voters.self(),
              members,
              raft,
              config.sizes().snapshotEveryEntries(),
              config.sizes().segmentBytes());
      RatisMetadataLog<Applied> running =
          RatisMetadataLog.start(
              settings, new QuorumState(metadata, publisher), new Roles(), registry);
      boolean waits = voters.waiting();
      if (!waits) {
        voters.membership().state(MembershipRecord.State.STARTED);
      }
      log = running;
      controller.start(running);
      if (waits) {
        LOG.warn(
            "node {} waits to be added to the metadata quorum: jangada quorum add {}@{}/{}",
            config.nodeId(),
            config.nodeId(),
            config.self().grpcAddress(),
            config.self().raftAddress().replaceFirst(".*:", ""));
        ready.complete(null);
        return;
      }
      awaitLeader(running, voters.others(members));
      ready.complete(null);
    } catch (RuntimeException e) {
      LOG.error("node {} could not join the metadata quorum: {}", config.nodeId(), e.getMessage());
      ready.completeExceptionally(e);
    }
  }

  /** Whoever was removed while it was away would wait for ever. */
  private void awaitLeader(RatisMetadataLog<Applied> running, List<QuorumMember> others) {
    long askAt = System.nanoTime() + LEADERLESS.toNanos();
    while (!closed && voters.votes() && running.view().leaderId() < 0) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      if (System.nanoTime() - askAt > 0) {
        if (directory.excluded(others)) {
          removed();
          running.close();
        }
        askAt = System.nanoTime() + LEADERLESS.toNanos();
      }
    }
  }

  /** Blocks while others are asked why. */
  private void closedByItself(boolean outside) {
    List<LogMember> members = voters.atStart(config.directory().resolve("raft"));
    if (outside || directory.excluded(voters.others(members))) {
      removed();
    } else {
      new Roles()
          .onFailed(
              new IllegalStateException(
                  "the metadata log closed by itself: the process stood still for too long"));
    }
  }

  private void removed() {
    LOG.warn(
        "node {} was removed from the metadata quorum; when it is started again it waits to be"
            + " added",
        config.nodeId());
    voters.membership().state(MembershipRecord.State.REMOVED);
    controller.onFollower();
    publisher.close();
  }

  private Optional<LogView> view() {
    return log().map(MetadataLog::view);
  }

  /**
   * A leader that cannot apply what is committed, for want of room, answers nobody: another member
   * shall lead, if there is one.
   */
  private void giveWayIfStuck() {
    MetadataLog<Applied> running = log;
    if (running == null || !metadata.waitingForRoom() || !running.leading()) {
      return;
    }
    long now = System.nanoTime();
    if (gaveWay && now - gaveWayAtNanos < GIVE_WAY_AGAIN.toNanos()) {
      return;
    }
    running.view().members().stream()
        .filter(member -> member.nodeId() != config.nodeId())
        .max(Comparator.comparingLong(LogView.MemberView::matchIndex))
        .ifPresent(
            next -> {
              gaveWay = true;
              gaveWayAtNanos = now;
              LOG.warn(
                  "node {}: gives the lead of the quorum to {}: its own disk is full",
                  config.nodeId(),
                  next.nodeId());
              var unused =
                  running
                      .transferLeadership(next.nodeId())
                      .exceptionally(
                          error -> {
                            LOG.warn("node {}: still leads", config.nodeId(), error);
                            return null;
                          });
            });
  }

  /** Whether this node is the controller. */
  public boolean isController() {
    return controller.active();
  }

  /** The metadata as this member has applied it. */
  public MetadataImage image() {
    return metadata.image();
  }

  /** The log, for operators and tests; empty before it runs. */
  public Optional<MetadataLog<Applied>> log() {
    return Optional.ofNullable(log);
  }

  private final class Roles implements LogListener {
    @Override
    public void onLeader(long term) {
      changes.onLeader();
      controller.onLeader(term);
    }

    @Override
    public void onFollower() {
      controller.onFollower();
    }

    @Override
    public void onVoters(boolean thisMemberVotes) {
      if (thisMemberVotes && voters.waiting()) {
        LOG.info("node {} votes in the metadata quorum", config.nodeId());
        voters.membership().state(MembershipRecord.State.STARTED);
      }
    }

    @Override
    public void onClosed(boolean outside) {
      if (voters.votes()) {
        Thread.ofPlatform()
            .daemon()
            .name("jangada-quorum-closed-" + config.nodeId())
            .start(() -> closedByItself(outside));
      }
    }

    @Override
    public void onFailed(Throwable cause) {
      failed = true;
      controller.onFollower();
      if (!closed) {
        onFailed.accept(cause);
      }
    }
  }

  private final class Endpoint implements MemberEndpoint {
    @Override
    public UUID clusterId() {
      return config.clusterId();
    }

    @Override
    public int nodeId() {
      return config.nodeId();
    }

    @Override
    public UUID directoryId() {
      return voters.directoryId();
    }

    @Override
    public Optional<JangadaException> admit(int nodeId, UUID directoryId, boolean announces) {
      Optional<JangadaException> refusal =
          voters
              .membership()
              .admit(nodeId, directoryId, metadata.image().quorumMembers().get(nodeId), announces);
      if (announces && refusal.isEmpty()) {
        controller.votersChanged();
      }
      return refusal;
    }

    @Override
    public CompletableFuture<QuorumChange.Done> alter(QuorumChange change, boolean validateOnly) {
      return changes.make(change, validateOnly);
    }

    @Override
    public boolean waiting() {
      return log != null && voters.waiting();
    }

    @Override
    public DeltaPublisher.Handle subscribe(long fromIndex, Optional<UUID> history, DeltaSink sink) {
      if (!voters.votes()) {
        throw new JangadaException(
            ErrorCode.UNAVAILABLE,
            "expected a member of the metadata quorum, but node " + nodeId() + " is none",
            "ask another one");
      }
      UUID own = metadata.image().cluster().historyId();
      if (history.isEmpty() || history.get().equals(own)) {
        return publisher.subscribe(fromIndex, sink);
      }
      if (own == null) {
        throw new JangadaException(
            ErrorCode.UNAVAILABLE,
            "expected a member that knows history "
                + history.get()
                + ", but node "
                + nodeId()
                + " has heard nothing yet",
            "ask another one, or again");
      }
      return publisher.subscribe(DeltaPublisher.FROM_NOTHING, sink);
    }

    @Override
    public Optional<LogView> view() {
      return voters.votes() ? QuorumNode.this.view() : Optional.empty();
    }

    @Override
    public long controllerEpoch() {
      return metadata.image().controllerEpoch();
    }

    @Override
    public int featureLevel() {
      return metadata.image().cluster().featureLevel();
    }

    @Override
    public String grpcAddress(int nodeId) {
      return voters.grpcAddress(nodeId, QuorumNode.this.view());
    }

    @Override
    public String directoryId(LogView.MemberView voter) {
      UUID known = metadata.image().quorumMembers().get(voter.nodeId());
      return known != null && LogMember.diskOf(known).equals(voter.disk())
          ? known.toString()
          : voter.disk();
    }
  }

  @Override
  public void close() {
    closed = true;
    admission.cancel();
    Thread joining = starter;
    if (joining != null) {
      try {
        joining.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    MetadataLog<Applied> running = log;
    if (running != null) {
      // First, so that the controller can still answer what waits for the log.
      running.close();
    }
    controller.close();
    publisher.close();
    prober.close();
    directory.close();
    room.close();
    metadata.close();
    if (running != null && !failed) {
      seal();
    }
  }

  /** Without it the next start has less to go by; that is all. */
  private void seal() {
    try {
      new Seal(config.directory()).write();
    } catch (IOException e) {
      LOG.warn("node {}: its files are not sealed: {}", config.nodeId(), e.getMessage());
    }
  }
}
