// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.NodeRole;
import io.jangada.metadata.command.ReplicaVerdicts;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.replication.core.FollowerSession;
import io.jangada.replication.core.PartitionAssignment;
import io.jangada.replication.core.PartitionEffect;
import io.jangada.replication.core.PartitionEvent;
import io.jangada.replication.core.PartitionReplica;
import io.jangada.replication.core.SubscribeAnswer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A broker: its disk outlives its processes, of which there is at most one at a time. */
final class SimBroker {
  private static final long REGISTER_TIMEOUT_MS = 500;
  private static final long HEARTBEAT_MS = 300;
  private static final long TICK_MS = 100;

  /** A process that ends resets its connections; a machine that stops says nothing. */
  private static final long RESET_MS = 50;

  private static final long SILENCE_MS = 3_000;

  /** More than a replica makes in a run: the next one's numbers begin above it. */
  private static final long ATTEMPTS_EACH = 1_000_000;

  private final SimCluster cluster;
  private final int id;
  private final SimDirectory directory;
  private final Quarantine quarantine;
  private final Map<TopicIdPartition, SimReplica> replicas = new TreeMap<>();
  private final Map<TopicIdPartition, PartitionAssignment> assigned = new TreeMap<>();
  private final List<SimStream> streams = new ArrayList<>();
  private int process;
  private boolean up;
  private long drops;
  private long brokerEpoch = -1;

  private ReplicaVerdicts verdicts = ReplicaVerdicts.NONE;
  private long slowMetadataMs;
  private boolean polling;
  private MetadataImage image = MetadataImage.EMPTY;
  private long heartbeatStream;
  private long heartbeatEcho;

  SimBroker(SimCluster cluster, int id) {
    this.cluster = cluster;
    this.id = id;
    this.directory = new SimDirectory(cluster, id);
    this.quarantine = new Quarantine(cluster, this);
  }

  int id() {
    return id;
  }

  boolean isUp() {
    return up;
  }

  /** The number of the process that runs or ran last. */
  int process() {
    return process;
  }

  boolean isProcess(int number) {
    return up && process == number;
  }

  long brokerEpoch() {
    return brokerEpoch;
  }

  Quarantine quarantine() {
    return quarantine;
  }

  SimDirectory directory() {
    return directory;
  }

  MetadataImage image() {
    return image;
  }

  Map<TopicIdPartition, SimReplica> replicas() {
    return replicas;
  }

  Map<TopicIdPartition, SimLog> disk() {
    return directory.logs();
  }

  /** The streams of its own subscriptions. */
  List<SimStream> streams() {
    return streams;
  }

  void slowMetadata(long millis) {
    slowMetadataMs = millis;
  }

  /** Whether an fsync has failed or will: rights that it may give up count as lost. */
  boolean isFailing() {
    return quarantine.isHalted() || directory.isAboutToFail();
  }

  /** Whether its log has rotted, and nobody knows. */
  boolean isRotten(TopicIdPartition partition) {
    SimLog log = directory.logs().get(partition);
    return log != null && log.hasRot();
  }

  // ---- life

  void start() {
    up = true;
    process++;
    brokerEpoch = -1;
    polling = false;
    heartbeatStream = 0;
    directory.started();
    verdicts = directory.recover(incarnation());
    register();
    int number = process;
    repeat(number, TICK_MS, this::tick);
    repeat(number, HEARTBEAT_MS, this::heartbeat);
  }

  private UUID incarnation() {
    return new UUID(id, process);
  }

  /** The process ends at once; the kernel keeps what it was given. */
  void kill() {
    directory.killed();
    gone(RESET_MS);
  }

  /** The machine stops: what was not synced is kept by sectors, or not. */
  void losePower() {
    directory.lostPower();
    image = MetadataImage.EMPTY;
    gone(SILENCE_MS);
  }

  /** Another disk, under the same broker id. */
  void wipe() {
    directory.wipe();
    image = MetadataImage.EMPTY;
  }

  private void gone(long noticedWithinMs) {
    up = false;
    replicas.clear();
    assigned.clear();
    quarantine.clear();
    cluster.brokerGone(this, noticedWithinMs);
    streams.clear();
  }

  private void repeat(int number, long periodMs, Runnable action) {
    cluster
        .clock()
        .afterMs(
            periodMs,
            () -> {
              if (isProcess(number)) {
                action.run();
                repeat(number, periodMs, action);
              }
            });
  }

  private void register() {
    int number = process;
    BrokerProfile profile =
        new BrokerProfile(
            new Endpoints("sim:" + id, "", ""),
            "",
            List.of(NodeRole.BROKER),
            FeatureRange.SUPPORTED);
    ControllerRequest request =
        new ControllerRequest.RegisterBroker(
            id, incarnation(), profile, directory.provenance(), verdicts);
    boolean[] answered = new boolean[1];
    cluster
        .quorum()
        .call(
            id,
            request,
            REGISTER_TIMEOUT_MS,
            answer -> {
              if (!isProcess(number) || brokerEpoch >= 0) {
                return;
              }
              if (answer instanceof ControllerAnswer.Registered registered) {
                brokerEpoch = registered.brokerEpoch();
                verdicts.damaged().forEach(each -> quarantine.damageReported(each, brokerEpoch));
                // The metadata on the disk may be from before this registration.
                assign();
                poll();
              } else if (!answered[0]) {
                answered[0] = true;
                cluster.clock().afterMs(100, () -> ifProcess(number, this::registerAgain));
              }
            });
  }

  private void registerAgain() {
    if (brokerEpoch < 0) {
      register();
    }
  }

  private void ifProcess(int number, Runnable action) {
    if (isProcess(number)) {
      action.run();
    }
  }

  private void tick() {
    for (SimReplica replica : List.copyOf(replicas.values())) {
      replica.step(new PartitionEvent.Tick());
    }
    quarantine.tick();
    poll();
  }

  private void heartbeat() {
    if (brokerEpoch < 0) {
      return;
    }
    long stream = (long) process << 32 | cluster.quorum().term();
    if (stream != heartbeatStream) {
      heartbeatStream = stream;
      heartbeatEcho = 0;
    }
    int number = process;
    cluster
        .quorum()
        .heartbeat(
            id,
            brokerEpoch,
            stream,
            heartbeatEcho,
            image.index(),
            directory.oldestSyncAgeMs(),
            answer -> ifProcess(number, () -> heartbeatAnswered(stream, answer)));
  }

  private void heartbeatAnswered(long stream, long answer) {
    if (answer < 0) {
      // Another registration has replaced this one, perhaps a late one of an earlier process.
      kill();
      startAfter(50);
    } else if (stream == heartbeatStream) {
      heartbeatEcho = answer;
    }
  }

  /** Starts again, if nobody has started it by then. */
  void startAfter(long millis) {
    cluster
        .clock()
        .afterMs(
            millis,
            () -> {
              if (!up) {
                start();
              }
            });
  }

  // ---- metadata

  /** Something was committed, or time has passed: fetch what there is, after a while. */
  void poll() {
    if (!up || brokerEpoch < 0 || polling || image.index() >= cluster.quorum().image().index()) {
      return;
    }
    polling = true;
    int number = process;
    long delay =
        cluster.clock().between(200, cluster.clock().chance(0.03) ? 400_000 : 10_000)
            + slowMetadataMs * 1000;
    cluster
        .clock()
        .afterMicros(
            delay,
            () ->
                ifProcess(
                    number,
                    () -> {
                      polling = false;
                      if (cluster.quorum().reaches(id)) {
                        image = cluster.quorum().someImageAfter(image);
                        assign();
                        poll();
                      }
                    }));
  }

  /** Acts on the metadata as it is. */
  void assign() {
    quarantine.repairUpTo(image.index());
    Set<TopicIdPartition> present = new HashSet<>();
    Assignments.of(
        image,
        id,
        (partition, assignment) -> {
          present.add(partition);
          if (!quarantine.holds(partition)) {
            assign(partition, assignment);
          }
        });
    if (image.index() >= brokerEpoch) {
      for (TopicIdPartition partition : List.copyOf(directory.logs().keySet())) {
        if (!present.contains(partition)) {
          remove(partition);
        }
      }
    }
    PartitionEvent reached = new PartitionEvent.MetadataAdvanced(image.index());
    for (SimReplica replica : List.copyOf(replicas.values())) {
      if (replica.core().awaitsMetadata()) {
        replica.step(reached);
      }
    }
  }

  private void assign(TopicIdPartition partition, PartitionAssignment assignment) {
    PartitionAssignment last = assigned.get(partition);
    if (last != null && Assignments.same(last, assignment)) {
      return;
    }
    assigned.put(partition, assignment);
    SimReplica replica = replicas.get(partition);
    if (replica == null) {
      SimLog log =
          directory
              .logs()
              .computeIfAbsent(partition, ignored -> new SimLog(cluster.setup().memoryDurable()));
      PartitionReplica core =
          new PartitionReplica(
              partition,
              id,
              cluster.replicaConfig(),
              log.recover(cluster.clock().nowMs()),
              drops * ATTEMPTS_EACH);
      replica = new SimReplica(cluster, this, core, log);
      replicas.put(partition, replica);
    }
    int epochBefore = replica.core().leaderEpoch();
    replica.step(new PartitionEvent.MetadataChanged(assignment, brokerEpoch));
    if (assignment.metadataIndex() < brokerEpoch && replica.core().leaderEpoch() == epochBefore) {
      cluster.counters().count(Counter.OLD_INCARNATION_METADATA);
    }
  }

  private void remove(TopicIdPartition partition) {
    directory.logs().remove(partition);
    assigned.remove(partition);
    SimReplica replica = replicas.remove(partition);
    if (replica != null) {
      replica.step(new PartitionEvent.Stop(ErrorCode.UNKNOWN_TOPIC, "the topic was deleted"));
    }
  }

  /** The replica and its log are gone; another begins with the next metadata that names it. */
  void drop(TopicIdPartition partition) {
    drops++;
    directory.logs().remove(partition);
    replicas.remove(partition);
    assigned.remove(partition);
  }

  void proposeIsrChange(
      SimReplica replica, PartitionEffect.ProposeIsrChange proposal, long heldMs) {
    int number = process;
    IsrProposals.propose(
        cluster,
        this,
        replica.core().partition(),
        proposal,
        heldMs,
        event -> ifProcess(number, () -> replica.step(event)));
  }

  void resign(SimReplica replica, PartitionEffect.Resign resignation) {
    IsrProposals.resign(cluster, this, replica.core().partition(), resignation);
  }

  // ---- replication streams; the transport's part

  void followerSubscribed(SimStream stream, PartitionEvent.FollowerSubscribed event) {
    SimReplica replica = replicas.get(stream.partition());
    if (replica != null) {
      replica.subscribed(stream, event);
      return;
    }
    cluster.counters().count(Counter.UNKNOWN_TOPIC_IDS);
    stream.toFollower(
        follower ->
            follower.subscribeAnswered(
                stream.partition(),
                stream.session().session(),
                new SubscribeAnswer.UnknownTopicId()));
  }

  void followerAcked(TopicIdPartition partition, FollowerSession session, long durableLeo) {
    stepIfHeld(partition, new PartitionEvent.FollowerAcked(session, durableLeo));
  }

  void followerGone(TopicIdPartition partition, FollowerSession session) {
    stepIfHeld(partition, new PartitionEvent.FollowerGone(session));
  }

  void subscribeAnswered(TopicIdPartition partition, long session, SubscribeAnswer answer) {
    stepIfHeld(partition, new PartitionEvent.SubscribeAnswered(session, answer));
  }

  void replicated(TopicIdPartition partition, PartitionEvent.Replicated frame) {
    stepIfHeld(partition, frame);
  }

  void streamLost(TopicIdPartition partition, long session) {
    stepIfHeld(partition, new PartitionEvent.StreamLost(session));
  }

  @Nullable SimReplica replica(TopicIdPartition partition) {
    return replicas.get(partition);
  }

  private void stepIfHeld(TopicIdPartition partition, PartitionEvent event) {
    SimReplica replica = replicas.get(partition);
    if (replica != null) {
      replica.step(event);
    }
  }
}
