// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis's state machine over a {@link ReplicatedState}. Ratis starts to apply behind its last
 * snapshot file; what the state already has of that is skipped, which is why its own position and
 * the replay's are kept apart.
 *
 * <p>An error while applying stops the member: going on would let its state differ from the
 * others'.
 */
final class StateMachineAdapter<R> extends BaseStateMachine {
  private static final Logger LOG = LoggerFactory.getLogger(StateMachineAdapter.class);

  private static final Duration SNAPSHOT_RETRY = Duration.ofMinutes(1);

  private final ReplicatedState<R> state;
  private final LogListener listener;
  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private final AtomicReference<LifeCycle.State> lifeCycle =
      new AtomicReference<>(LifeCycle.State.NEW);

  /** What the state has applied; entries up to here are skipped. */
  private volatile LogPosition applied;

  private volatile boolean closing;

  /** An entry was given up because the member closes; the next start applies it. */
  private volatile boolean abandoned;

  private long snapshotFailedAtNanos;
  private boolean snapshotFailed;

  StateMachineAdapter(ReplicatedState<R> state, LogListener listener) {
    this.state = state;
    this.listener = listener;
    this.applied = state.position();
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage raftStorage)
      throws IOException {
    super.initialize(server, groupId, raftStorage);
    storage.init(raftStorage);
    SingleFileSnapshotInfo latest = storage.loadLatestSnapshot();
    if (latest != null) {
      if (latest.getIndex() > applied.index()) {
        // The live state was lost or discarded, the log before the snapshot may be purged.
        install(latest);
      }
      setLastAppliedTermIndex(latest.getTermIndex());
    }
    lifeCycle.set(LifeCycle.State.RUNNING);
  }

  @Override
  public LifeCycle.State getLifeCycleState() {
    return lifeCycle.get();
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return storage;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext trx) {
    LogEntryProto entry = Objects.requireNonNull(trx.getLogEntry());
    LogPosition position = new LogPosition(entry.getTerm(), entry.getIndex());
    if (position.index() <= applied.index()) {
      updateLastAppliedTermIndex(position.term(), position.index());
      return CompletableFuture.completedFuture(Message.EMPTY);
    }
    if (abandoned) {
      return CompletableFuture.failedFuture(new IllegalStateException("closing"));
    }
    R result;
    try {
      result = state.apply(position, entry.getStateMachineLogEntry().getLogData().toByteArray());
    } catch (RuntimeException | Error e) {
      if (closing) {
        // Thrown, it would have Ratis wait for this entry for ever.
        LOG.info("{}: entry {} is left to the next start: {}", getId(), position, e.getMessage());
        abandoned = true;
        return CompletableFuture.failedFuture(e);
      }
      LOG.error("{}: entry {} could not be applied, this member stops", getId(), position, e);
      listener.onFailed(e);
      throw e;
    }
    applied = position;
    updateLastAppliedTermIndex(position.term(), position.index());
    return CompletableFuture.completedFuture(new AppliedMessage<>(result));
  }

  @Override
  public long takeSnapshot() throws IOException {
    TermIndex reached = getLastAppliedTermIndex();
    if (reached == null || reached.getIndex() < 0 || reached.getIndex() < applied.index()) {
      // Still replaying what the state already has: its copy would be of another index.
      return RaftLog.INVALID_LOG_INDEX;
    }
    Path file = storage.getSnapshotFile(reached.getTerm(), reached.getIndex()).toPath();
    if (Files.exists(file)) {
      return reached.getIndex();
    }
    if (abandoned
        || (snapshotFailed
            && System.nanoTime() - snapshotFailedAtNanos < SNAPSHOT_RETRY.toNanos())) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.deleteIfExists(partial);
    try {
      state.snapshot(new LogPosition(reached.getTerm(), reached.getIndex()), partial);
      force(partial);
      snapshotFailed = false;
    } catch (RuntimeException | IOException e) {
      // On a full disk, say. The log keeps what the snapshot would have, and the room comes back.
      snapshotFailed = true;
      snapshotFailedAtNanos = System.nanoTime();
      Files.deleteIfExists(partial);
      throw new IOException(
          "expected to write the snapshot " + file + ", but " + e.getMessage(), e);
    }
    Files.move(partial, file);
    var digest = MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
    force(file.getParent());
    storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, digest), reached));
    return reached.getIndex();
  }

  /** Called before Ratis moves the directory of the snapshots; may be called twice. */
  @Override
  public void pause() {
    lifeCycle.set(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    SingleFileSnapshotInfo latest = storage.loadLatestSnapshot();
    if (latest != null && latest.getIndex() > applied.index()) {
      install(latest);
    }
    if (latest != null) {
      setLastAppliedTermIndex(latest.getTermIndex());
    }
    lifeCycle.set(LifeCycle.State.RUNNING);
  }

  private void install(SingleFileSnapshotInfo snapshot) throws IOException {
    Path file = snapshot.getFile().getPath();
    if (!snapshot.hasMd5()) {
      throw new IOException(
          "expected a checksum beside the snapshot " + file + ", but it is missing");
    }
    MD5FileUtil.verifySavedMD5(file.toFile(), snapshot.getFile().getFileDigest());
    LOG.info("{}: installing the snapshot at index {}", getId(), snapshot.getIndex());
    state.install(file);
    applied = new LogPosition(snapshot.getTerm(), snapshot.getIndex());
  }

  @Override
  public void notifyLeaderReady() {
    RaftServer server = getServer().join();
    try {
      listener.onLeader(server.getDivision(getGroupId()).getInfo().getCurrentTerm());
    } catch (IOException e) {
      LOG.warn("{}: leads a group that is gone", getId(), e);
    }
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pendingEntries) {
    listener.onFollower();
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId memberId, RaftPeerId newLeaderId) {
    if (!memberId.getPeerId().equals(newLeaderId)) {
      listener.onFollower();
    }
  }

  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftConfigurationProto newRaftConfiguration) {
    ByteString self = getId().toByteString();
    listener.onVoters(
        newRaftConfiguration.getPeersList().stream().anyMatch(peer -> peer.getId().equals(self)));
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
    listener.onFailed(LogFailure.of(cause));
  }

  /** Tells the adapter that the coming {@link #close} is wanted. */
  void closing() {
    closing = true;
    state.closing();
  }

  @Override
  public void close() {
    lifeCycle.set(LifeCycle.State.CLOSED);
    if (!closing) {
      listener.onClosed(outside());
    }
  }

  /** Ratis closes a member that finds itself outside of the configuration. */
  private boolean outside() {
    try {
      Collection<RaftPeer> voters =
          getServer().join().getDivision(getGroupId()).getRaftConf().getCurrentPeers();
      return !voters.isEmpty() && voters.stream().noneMatch(peer -> peer.getId().equals(getId()));
    } catch (IOException | RuntimeException e) {
      LOG.warn("{}: closes, and nobody says why", getId(), e);
      return false;
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
