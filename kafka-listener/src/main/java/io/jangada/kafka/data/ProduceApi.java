// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.service.AppendService;
import io.jangada.broker.service.AppendService.Appended;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.InvalidRecordsException;
import io.jangada.broker.service.PartitionRef;
import io.jangada.common.JangadaException;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.KafkaErrors;
import io.jangada.kafka.api.KafkaIds;
import io.jangada.kafka.api.RequestContext;
import io.jangada.metadata.image.TopicImage;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.Acks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequiredAcksException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;
import org.jspecify.annotations.Nullable;

/**
 * Appends batches. The batch that is appended lies in the memory that the request was received in;
 * offset and leader epoch are written into its header there.
 */
final class ProduceApi implements KafkaApi<ProduceRequestData> {
  private static final short FIRST_BY_ID = 13;
  private static final short FIRST_WITH_LEADER_HINTS = 10;
  private static final long NONE = -1;

  /** A client that waits longer has gone, and its batch's memory should be free. */
  private static final int MAX_TIMEOUT_MS = 300_000;

  private final AppendService appends;
  private final ClusterMetadata metadata;

  ProduceApi(AppendService appends, ClusterMetadata metadata) {
    this.appends = appends;
    this.metadata = metadata;
  }

  /**
   * One partition of the request, and what came of it.
   *
   * @param wellFormed whether the partition itself was asked at all
   */
  private record Part(
      int partition, PartitionRef ref, boolean wellFormed, CompletableFuture<Outcome> outcome) {}

  /** One topic of the request. */
  private record Parts(TopicProduceData topic, List<Part> partitions) {}

  /** Either is null. */
  private record Outcome(@Nullable Appended appended, @Nullable Throwable failure) {}

  @Override
  public ApiKeys key() {
    return ApiKeys.PRODUCE;
  }

  @Override
  public CompletableFuture<? extends ApiMessage> handle(
      ProduceRequestData request, RequestContext context) {
    if (request.transactionalId() == null && hasTransactional(request)) {
      return CompletableFuture.failedFuture(
          Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.exception());
    }
    List<Parts> topics = new ArrayList<>();
    List<Part> all = new ArrayList<>();
    for (TopicProduceData topic : request.topicData()) {
      List<Part> parts = new ArrayList<>();
      for (PartitionProduceData partition : topic.partitionData()) {
        parts.add(part(request, topic, partition, context.version()));
      }
      topics.add(new Parts(topic, parts));
      all.addAll(parts);
    }
    return CompletableFuture.allOf(
            all.stream().map(Part::outcome).toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> request.acks() == 0 ? noAnswer(all) : response(topics, context));
  }

  private Part part(
      ProduceRequestData request,
      TopicProduceData topic,
      PartitionProduceData partition,
      short version) {
    PartitionRef ref = ref(topic, partition.index(), version);
    RuntimeException malformed = malformed(partition, version);
    CompletableFuture<Appended> append =
        malformed == null
            ? append(request, topic, partition, ref)
            : CompletableFuture.failedFuture(malformed);
    return new Part(partition.index(), ref, malformed == null, append.handle(Outcome::new));
  }

  private static @Nullable RuntimeException malformed(
      PartitionProduceData partition, short version) {
    try {
      ProduceRequest.validateRecords(version, partition.records());
      return null;
    } catch (RuntimeException refused) {
      return refused;
    }
  }

  private static boolean hasTransactional(ProduceRequestData request) {
    for (TopicProduceData topic : request.topicData()) {
      for (PartitionProduceData partition : topic.partitionData()) {
        if (partition.records() instanceof MemoryRecords records
            && records.sizeInBytes() >= RecordBatch.HEADER_BYTES
            && isTransactional(records.buffer())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isTransactional(ByteBuffer records) {
    try {
      return RecordBatch.at(records).isTransactional();
    } catch (JangadaException damaged) {
      // Its own partition's answer tells.
      return false;
    }
  }

  private static PartitionRef ref(TopicProduceData topic, int partition, short version) {
    return version >= FIRST_BY_ID
        ? new PartitionRef("", orUnknown(topic.topicId()), partition)
        : new PartitionRef(topic.name(), null, partition);
  }

  /** No topic has the id that stands for none. */
  static UUID orUnknown(Uuid id) {
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  private CompletableFuture<Appended> append(
      ProduceRequestData request,
      TopicProduceData topic,
      PartitionProduceData partition,
      PartitionRef ref) {
    try {
      RecordBatch batch = batch(request, nameOf(topic), partition);
      return appends.append(
          ref,
          batch,
          acks(request.acks()),
          AppendService.ANY_OFFSET,
          Duration.ofMillis(Math.clamp(request.timeoutMs(), 0, MAX_TIMEOUT_MS)));
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private String nameOf(TopicProduceData topic) {
    UUID id = KafkaIds.fromKafka(topic.topicId());
    TopicImage image = id == null ? null : metadata.image().topic(id);
    return image == null ? topic.name() : image.name();
  }

  private static Acks acks(short acks) {
    return switch (acks) {
      case -1 -> Acks.ALL;
      case 0 -> Acks.NONE;
      case 1 -> Acks.LEADER;
      default ->
          throw new InvalidRequiredAcksException("expected acks of -1, 0 or 1, but got " + acks);
    };
  }

  private static RecordBatch batch(
      ProduceRequestData request, String topic, PartitionProduceData partition) {
    if (Topic.isInternal(topic)) {
      throw new InvalidTopicException("expected no internal topic, but got " + topic);
    }
    if (!(partition.records() instanceof MemoryRecords records)) {
      throw new InvalidRecordException("expected records, but there are none");
    }
    RecordBatch batch = RecordBatch.at(records.buffer());
    requireWhole(batch, records);
    if (batch.isControl()) {
      throw new InvalidRecordException("Clients are not allowed to write control records.");
    }
    if (batch.isTransactional() || request.transactionalId() != null) {
      throw new InvalidTxnStateException(
          "expected a batch outside of transactions, which this broker does not have");
    }
    return batch;
  }

  /** What the checksum does not tell: a batch may be as its sender made it, and wrong. */
  private static void requireWhole(RecordBatch batch, MemoryRecords records) {
    try {
      var unused = batch.compression();
    } catch (JangadaException unknown) {
      records.batches().iterator().next().ensureValid();
      // As Kafka, which has no other word for it.
      throw Errors.UNKNOWN_SERVER_ERROR.exception(unknown.getMessage());
    }
    if (batch.baseOffset() != 0 || batch.recordCount() != batch.lastOffsetDelta() + 1) {
      records.batches().iterator().next().ensureValid();
      throw new InvalidRecordException(
          "expected a batch of offsets from 0 on without gaps, but it begins at "
              + batch.baseOffset()
              + " and has "
              + batch.recordCount()
              + " records up to "
              + batch.lastOffsetDelta());
    }
  }

  /** Where something failed, closing the connection is the only way to tell. */
  private static @Nullable ProduceResponseData noAnswer(List<Part> parts) {
    for (Part part : parts) {
      Throwable failure = part.outcome().join().failure();
      if (failure != null) {
        throw KafkaErrors.of(failure).exception(KafkaErrors.message(failure));
      }
    }
    return null;
  }

  private ProduceResponseData response(List<Parts> topics, RequestContext context) {
    ProduceResponseData response = new ProduceResponseData();
    LeaderHints hints = null;
    for (Parts topic : topics) {
      List<PartitionProduceResponse> partitions = new ArrayList<>();
      for (Part part : topic.partitions()) {
        PartitionProduceResponse answer = answer(part, context.version());
        if (context.version() >= FIRST_WITH_LEADER_HINTS
            && PartitionErrors.leaderIsElsewhere(Errors.forCode(answer.errorCode()))) {
          hints = hints == null ? new LeaderHints(metadata, context.network()) : hints;
          addHint(answer, hints, part.ref());
        }
        partitions.add(answer);
      }
      response
          .responses()
          .add(
              new TopicProduceResponse()
                  .setName(topic.topic().name())
                  .setTopicId(topic.topic().topicId())
                  .setPartitionResponses(partitions));
    }
    if (hints != null) {
      hints
          .endpoints(
              (id, host, port, rack) ->
                  new NodeEndpoint().setNodeId(id).setHost(host).setPort(port).setRack(rack))
          .forEach(response.nodeEndpoints()::add);
    }
    return response;
  }

  private static void addHint(
      PartitionProduceResponse answer, LeaderHints hints, PartitionRef ref) {
    hints
        .leaderOf(ref)
        .ifPresent(
            leads ->
                answer.setCurrentLeader(
                    new LeaderIdAndEpoch()
                        .setLeaderId(leads.leader())
                        .setLeaderEpoch(leads.leaderEpoch())));
  }

  private PartitionProduceResponse answer(Part part, short version) {
    PartitionProduceResponse answer =
        new PartitionProduceResponse().setIndex(part.partition()).setLogAppendTimeMs(NONE);
    Outcome outcome = part.outcome().join();
    Appended appended = outcome.appended();
    if (appended != null) {
      return answer
          .setBaseOffset(appended.baseOffset())
          .setLogAppendTimeMs(appended.timestampMs())
          .setLogStartOffset(appended.logStartOffset());
    }
    Throwable failure =
        outcome.failure() == null
            ? new IllegalStateException("neither appended nor failed")
            : outcome.failure();
    Errors error = PartitionErrors.of(failure, version >= FIRST_BY_ID);
    if (KafkaErrors.cause(failure) instanceof InvalidRecordsException invalid) {
      invalid
          .records()
          .forEach(
              record ->
                  answer
                      .recordErrors()
                      .add(
                          new BatchIndexAndErrorMessage()
                              .setBatchIndex(record.index())
                              .setBatchIndexErrorMessage(record.message())));
    }
    return answer
        .setErrorCode(error.code())
        .setErrorMessage(message(error, failure))
        .setBaseOffset(NONE)
        .setLogStartOffset(
            part.wellFormed() && tellsLogStart(error) ? appends.logStartOffset(part.ref()) : NONE);
  }

  /** Kafka does where it has looked into the log, or into the records. */
  private static boolean tellsLogStart(Errors error) {
    return switch (error) {
      case UNKNOWN_TOPIC_OR_PARTITION,
          UNKNOWN_TOPIC_ID,
          NOT_LEADER_OR_FOLLOWER,
          MESSAGE_TOO_LARGE,
          CORRUPT_MESSAGE,
          KAFKA_STORAGE_ERROR,
          INVALID_TOPIC_EXCEPTION,
          INVALID_REQUIRED_ACKS ->
          false;
      default -> true;
    };
  }

  /** Where Kafka says nothing neither is anything said here; but its brokers have other reasons. */
  private static @Nullable String message(Errors error, Throwable failure) {
    return switch (error) {
      case REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR, INVALID_TIMESTAMP ->
          KafkaErrors.message(failure);
      default -> null;
    };
  }
}
