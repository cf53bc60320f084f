// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link MetadataLog} on Ratis. Entries are proposed to the local server only: whoever is not on
 * the leader forwards requests over our own gRPC.
 */
public final class RatisMetadataLog<R> implements MetadataLog<R> {
  private static final Logger LOG = LoggerFactory.getLogger(RatisMetadataLog.class);
  private static final long ADMIN_TIMEOUT_MS = 10_000;

  private final RaftServer server;
  private final RaftServer.Division division;
  private final RaftGroupId groupId;
  private final StateMachineAdapter<R> stateMachine;
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private final RatisMetrics metrics;
  private final CollectorRegistry registry;

  private RatisMetadataLog(
      RaftServer server,
      RaftGroupId groupId,
      StateMachineAdapter<R> stateMachine,
      CollectorRegistry registry)
      throws IOException {
    this.server = server;
    this.groupId = groupId;
    this.stateMachine = stateMachine;
    this.division = server.getDivision(groupId);
    this.metrics = new RatisMetrics(server.getId().toString());
    this.registry = registry;
    registry.register(metrics);
  }

  /**
   * Starts this node's member. Returns once it listens; it may lead or follow some time later.
   *
   * @throws JangadaException INVALID_CONFIG if the address can't be bound, STORAGE_ERROR if the
   *     directory can't be used
   */
  public static <R> RatisMetadataLog<R> start(
      LogSettings settings,
      ReplicatedState<R> state,
      LogListener listener,
      CollectorRegistry registry) {
    RatisProcess.tame();
    requireFreePort(settings.self().address());
    new LogCheck(settings).run(state.position());
    StateMachineAdapter<R> stateMachine = new StateMachineAdapter<>(state, listener);
    RaftServer server = null;
    try {
      Files.createDirectories(settings.directory());
      server =
          RaftServer.newBuilder()
              .setServerId(PeerIds.peer(settings.self()))
              .setGroup(PeerIds.toGroup(settings))
              .setOption(RaftStorage.StartupOption.RECOVER)
              .setProperties(RatisProperties.of(settings))
              .setParameters(RatisProperties.parameters())
              .setStateMachine(stateMachine)
              .build();
      server.start();
      return new RatisMetadataLog<>(
          server, PeerIds.group(settings.clusterId()), stateMachine, registry);
    } catch (IOException | RuntimeException e) {
      stateMachine.closing();
      closeQuietly(server);
      throw new JangadaException(
          ErrorCode.STORAGE_ERROR,
          "expected the metadata log in " + settings.directory() + " to start, but " + rootOf(e),
          "see the log of this node; where a file is damaged, put it back, or remove this member"
              + " from the quorum and add it again as a new one, which catches up from the others",
          true,
          e);
    }
  }

  /** Whether a member has ever run in that directory. */
  public static boolean hasLog(Path directory) {
    try (Stream<Path> groups = Files.list(directory)) {
      return groups.anyMatch(group -> Files.isDirectory(group.resolve("current")));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The voters that this node has last seen committed, or empty if it never has. The log may know
   * more.
   */
  public static Optional<List<LogMember>> lastVoters(Path directory, String clusterId) {
    Path file =
        directory
            .resolve(PeerIds.group(clusterId).getUuid().toString())
            .resolve("current")
            .resolve("raft-meta.conf");
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(
          LogEntryProto.parseFrom(in).getConfigurationEntry().getPeersList().stream()
              .map(
                  peer ->
                      PeerIds.toMember(
                          peer.getId().toStringUtf8(), peer.getAddress(), peer.getClientAddress()))
              .toList());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new JangadaException(
          ErrorCode.STORAGE_ERROR,
          "expected to read the members of the quorum from " + file + ", but " + e.getMessage(),
          "the file is damaged: put it back, or remove this member from the quorum and add it again"
              + " as a new one",
          true,
          e);
    }
  }

  /** Ratis would exit the process; a line that says what to do is better. */
  private static void requireFreePort(String address) {
    HostPort listen = HostPort.parse(address);
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(listen.host(), listen.port()));
    } catch (BindException e) {
      throw new JangadaException(
          ErrorCode.INVALID_CONFIG,
          "expected to listen for the metadata quorum on "
              + address
              + ", but the address is taken or not local ("
              + e.getMessage()
              + ")",
          "stop the other process or change this node's quorum address",
          true,
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public CompletableFuture<R> propose(byte[] entry) {
    if (!leading()) {
      return CompletableFuture.failedFuture(notLeading());
    }
    RaftClientRequest request =
        request()
            .setMessage(Message.valueOf(wrap(entry)))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    return submit(() -> server.submitClientRequestAsync(request)).thenApply(this::resultOf);
  }

  @SuppressWarnings("unchecked") // Only our own state machine makes this message, from an R.
  private R resultOf(RaftClientReply reply) {
    if (reply.getMessage() instanceof AppliedMessage<?> applied) {
      return (R) applied.result();
    }
    throw lost(new IllegalStateException("answered while replaying"));
  }

  @Override
  public boolean leading() {
    return division.getInfo().isLeaderReady();
  }

  @Override
  public LogView view() {
    DivisionInfo info = division.getInfo();
    RaftPeerId leader = info.getLeaderId();
    int leaderId = leader == null ? -1 : PeerIds.nodeId(leader.toString());
    long committed = division.getRaftLog().getLastCommittedIndex();
    Map<String, Follower> followers = followers(info);
    List<LogView.MemberView> members = new ArrayList<>();
    for (RaftPeer peer : peers()) {
      Follower seen = Follower.UNKNOWN;
      if (info.isLeader()) {
        seen =
            peer.getId().equals(server.getId())
                ? new Follower(division.getRaftLog().getFlushIndex(), 0)
                : followers.getOrDefault(peer.getId().toString(), Follower.UNKNOWN);
      }
      LogMember member =
          PeerIds.toMember(peer.getId().toString(), peer.getAddress(), peer.getClientAddress());
      members.add(
          new LogView.MemberView(
              member.nodeId(),
              member.disk(),
              member.address(),
              member.grpcAddress(),
              seen.matchIndex(),
              seen.lastContactMs()));
    }
    members.sort(Comparator.comparingInt(LogView.MemberView::nodeId));
    return new LogView(leaderId, info.getCurrentTerm(), committed, members);
  }

  /** What the leader knows of another member. */
  private record Follower(long matchIndex, long lastContactMs) {
    static final Follower UNKNOWN = new Follower(LogView.UNKNOWN, LogView.UNKNOWN);
  }

  private static Map<String, Follower> followers(DivisionInfo info) {
    long @Nullable [] matches = info.getFollowerMatchIndices();
    List<ServerRpcProto> infos = info.getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
    Map<String, Follower> followers = new HashMap<>();
    // Both are lists of the same appenders in the same order, but not taken in one step.
    if (matches != null && matches.length == infos.size()) {
      for (int i = 0; i < matches.length; i++) {
        ServerRpcProto rpc = infos.get(i);
        followers.put(
            rpc.getId().getId().toStringUtf8(),
            new Follower(matches[i], rpc.getLastRpcElapsedTimeMs()));
      }
    }
    return followers;
  }

  @Override
  public CompletableFuture<Void> transferLeadership(int nodeId) {
    RaftPeer target =
        peers().stream()
            .filter(peer -> PeerIds.nodeId(peer.getId().toString()) == nodeId)
            .findFirst()
            .orElseThrow(() -> noMember(nodeId));
    TransferLeadershipRequest request =
        new TransferLeadershipRequest(
            clientId,
            server.getId(),
            groupId,
            callIds.incrementAndGet(),
            target.getId(),
            ADMIN_TIMEOUT_MS);
    return submit(() -> server.transferLeadershipAsync(request)).thenApply(reply -> null);
  }

  @Override
  public CompletableFuture<Void> addVoter(LogMember member) {
    List<RaftPeer> peers = new ArrayList<>(peers());
    peers.removeIf(peer -> peer.getId().equals(PeerIds.peer(member)));
    peers.add(PeerIds.toPeer(member));
    return setVoters(peers);
  }

  @Override
  public CompletableFuture<Void> removeVoter(int nodeId) {
    List<RaftPeer> peers = new ArrayList<>(peers());
    if (!peers.removeIf(peer -> PeerIds.nodeId(peer.getId().toString()) == nodeId)) {
      throw noMember(nodeId);
    }
    return setVoters(peers);
  }

  private CompletableFuture<Void> setVoters(List<RaftPeer> peers) {
    SetConfigurationRequest request =
        new SetConfigurationRequest(
            clientId,
            server.getId(),
            groupId,
            callIds.incrementAndGet(),
            SetConfigurationRequest.Arguments.newBuilder().setServersInNewConf(peers).build());
    return submit(() -> server.setConfigurationAsync(request)).thenApply(reply -> null);
  }

  private Collection<RaftPeer> peers() {
    return division.getRaftConf().getCurrentPeers();
  }

  @Override
  public CompletableFuture<Long> takeSnapshot() {
    SnapshotManagementRequest request =
        SnapshotManagementRequest.newCreate(
            clientId, server.getId(), groupId, callIds.incrementAndGet(), ADMIN_TIMEOUT_MS, 1);
    return submit(() -> server.snapshotManagementAsync(request))
        .thenApply(RaftClientReply::getLogIndex);
  }

  private RaftClientRequest.Builder request() {
    return RaftClientRequest.newBuilder()
        .setClientId(clientId)
        .setServerId(server.getId())
        .setGroupId(groupId)
        .setCallId(callIds.incrementAndGet());
  }

  private interface Call {
    CompletableFuture<RaftClientReply> start() throws IOException;
  }

  private static CompletableFuture<RaftClientReply> submit(Call call) {
    CompletableFuture<RaftClientReply> started;
    try {
      started = call.start();
    } catch (IOException | CompletionException e) {
      return CompletableFuture.failedFuture(lost(e));
    }
    return started
        .handle(
            (reply, error) -> {
              if (error != null) {
                throw lost(error);
              }
              if (reply.getException() != null) {
                throw lost(reply.getException());
              }
              return reply;
            })
        .thenApply(Function.identity());
  }

  private JangadaException notLeading() {
    return new JangadaException(
        ErrorCode.NOT_CONTROLLER,
        "expected this node to lead the metadata quorum, but it does not");
  }

  /** Whatever Ratis answers after it has taken a request, the entry may still be committed. */
  private static JangadaException lost(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof ReconfigurationInProgressException) {
        return new JangadaException(
            ErrorCode.UNAVAILABLE,
            "expected no other change of the quorum's members, but one is under way",
            "try again when it is done: jangada quorum status",
            true,
            cause);
      }
    }
    return new JangadaException(
        ErrorCode.QUORUM_UNAVAILABLE,
        "expected the metadata quorum to commit, but " + rootOf(cause),
        "ask again: the change may have been made",
        false,
        cause);
  }

  private static JangadaException noMember(int nodeId) {
    return new JangadaException(
        ErrorCode.INVALID_REQUEST,
        "expected a member of the metadata quorum, but node " + nodeId + " is none");
  }

  private static String rootOf(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return root.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static ByteString wrap(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  @Override
  public void close() {
    stateMachine.closing();
    registry.unregister(metrics);
    closeQuietly(server);
  }

  private static void closeQuietly(@Nullable RaftServer server) {
    if (server == null || server.getLifeCycleState() == LifeCycle.State.CLOSED) {
      return;
    }
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("the metadata log did not close in good order", e);
    }
  }
}
