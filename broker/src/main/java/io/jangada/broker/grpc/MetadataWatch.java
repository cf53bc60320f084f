// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.stub.ServerCallStreamObserver;
import io.jangada.api.v1.GetMetadataRequest;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.ClusterMetadata.Listening;
import io.jangada.broker.service.TopicRef;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.TopicImage;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One client that watches. Changes only mark it as outdated; the newest snapshot is sent when the
 * client can take one, so a slow client gets fewer snapshots instead of a queue of old ones. State
 * belongs to a sequential executor.
 */
final class MetadataWatch {
  private final ClusterMetadata metadata;
  private final GetMetadataRequest request;
  private final List<TopicRef> asked;
  private final Executor sequential;
  private final ServerCallStreamObserver<MetadataSnapshot> call;
  private boolean outdated = true;
  private boolean closed;
  private @Nullable Listening listening;

  MetadataWatch(
      ClusterMetadata metadata,
      GetMetadataRequest request,
      Executor watchers,
      ServerCallStreamObserver<MetadataSnapshot> call) {
    this.metadata = metadata;
    this.request = request;
    this.asked = request.getTopicsList().stream().map(WireRefs::topic).toList();
    this.sequential = MoreExecutors.newSequentialExecutor(watchers);
    this.call = call;
    call.setOnReadyHandler(() -> sequential.execute(this::sendIfOutdated));
    call.setOnCancelHandler(() -> sequential.execute(this::close));
  }

  void start() {
    sequential.execute(
        () -> {
          listening = metadata.listen(this::changed);
          sendIfOutdated();
        });
  }

  private void changed(MetadataDelta delta) {
    if (!concerns(delta)) {
      return;
    }
    sequential.execute(
        () -> {
          outdated = true;
          sendIfOutdated();
        });
  }

  private boolean concerns(MetadataDelta delta) {
    // A setting of the cluster may hold for any topic.
    if (!delta.changedBrokers().isEmpty()
        || !delta.before().settings().equals(delta.after().settings())) {
      return true;
    }
    Set<UUID> changed = new TreeSet<>(delta.changedTopics());
    delta.changedPartitions().forEach(partition -> changed.add(partition.topicId()));
    return asked.isEmpty()
        ? !changed.isEmpty()
        : changed.stream().anyMatch(id -> isAsked(delta, id));
  }

  private boolean isAsked(MetadataDelta delta, UUID id) {
    TopicImage after = delta.after().topic(id);
    TopicImage topic = after != null ? after : delta.before().topic(id);
    return asked.stream()
        .anyMatch(ref -> id.equals(ref.id()) || (topic != null && ref.name().equals(topic.name())));
  }

  private void sendIfOutdated() {
    if (!closed && outdated && call.isReady()) {
      outdated = false;
      call.onNext(WireMetadata.snapshot(metadata.image(), request.getTopicsList()));
    }
  }

  private void close() {
    closed = true;
    if (listening != null) {
      listening.close();
    }
  }
}
