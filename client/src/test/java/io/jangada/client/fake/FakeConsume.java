// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.fake;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.Assign;
import io.jangada.api.v1.ConsumeRequest;
import io.jangada.api.v1.ConsumeResponse;
import io.jangada.api.v1.ConsumeServiceGrpc;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.LeaderHint;
import io.jangada.api.v1.ListOffsetsRequest;
import io.jangada.api.v1.ListOffsetsResponse;
import io.jangada.api.v1.OffsetPosition;
import io.jangada.api.v1.OffsetQuery;
import io.jangada.api.v1.OffsetResult;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordReader;
import io.jangada.wire.WireErrors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sends what is in the logs as far as there is credit. */
final class FakeConsume extends ConsumeServiceGrpc.ConsumeServiceImplBase {
  private final FakeBroker broker;
  private final FakeCluster cluster;

  FakeConsume(FakeBroker broker, FakeCluster cluster) {
    this.broker = broker;
    this.cluster = cluster;
  }

  @Override
  public StreamObserver<ConsumeRequest> consume(StreamObserver<ConsumeResponse> out) {
    Stream stream = new Stream(out);
    broker.consumers.add(stream);
    return stream;
  }

  @Override
  public void listOffsets(ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> out) {
    if (broker.frozen) {
      return;
    }
    ListOffsetsResponse.Builder response = ListOffsetsResponse.newBuilder();
    synchronized (cluster) {
      for (OffsetQuery query : request.getQueriesList()) {
        response.addResults(answer(query, request.getForward()));
      }
    }
    out.onNext(response.build());
    out.onCompleted();
  }

  private OffsetResult answer(OffsetQuery query, boolean forward) {
    try {
      FakePartition partition = cluster.partition(query.getTopic(), query.getPartition());
      if (!cluster.leads(broker, partition, forward)) {
        return OffsetResult.newBuilder().setError(notLeader(partition)).build();
      }
      OffsetResult.Builder result = OffsetResult.newBuilder().setLeaderEpoch(partition.epoch);
      if (query.hasTimestampMs()) {
        for (RecordBatch batch : partition.log) {
          for (RecordReader r = RecordReader.of(batch); r.hasNext(); ) {
            var record = r.next();
            if (record.timestampMs() >= query.getTimestampMs()) {
              return result.setOffset(record.offset()).setTimestampMs(record.timestampMs()).build();
            }
          }
        }
        return result.setOffset(-1).build();
      }
      return result
          .setOffset(
              query.getPosition() == OffsetPosition.OFFSET_POSITION_END
                  ? partition.nextOffset
                  : partition.logStart)
          .build();
    } catch (JangadaException e) {
      return OffsetResult.newBuilder().setError(WireErrors.toWire(e)).build();
    }
  }

  private Error notLeader(FakePartition partition) {
    JangadaException e = new JangadaException(ErrorCode.NOT_LEADER, "expected the leader");
    LeaderHint hint = cluster.hint(partition);
    return hint == null ? WireErrors.toWire(e) : WireErrors.toWire(e, hint);
  }

  /** What one client reads. */
  final class Stream implements StreamObserver<ConsumeRequest> {
    private final StreamObserver<ConsumeResponse> out;
    private final Map<Long, Reading> readings = new LinkedHashMap<>();
    private long credit;
    private boolean over;

    private record Reading(FakePartition partition, Assign assign, int epoch, long offset) {}

    Stream(StreamObserver<ConsumeResponse> out) {
      this.out = out;
    }

    @Override
    public void onNext(ConsumeRequest request) {
      synchronized (cluster) {
        switch (request.getRequestCase()) {
          case ASSIGN -> assign(request.getAssign());
          case UNASSIGN -> readings.remove(request.getUnassign().getAssignmentId());
          case CREDIT -> credit += request.getCredit().getBytes();
          case REQUEST_NOT_SET -> throw new IllegalStateException("an empty request");
        }
        if (!broker.frozen) {
          pump();
        }
      }
    }

    private void assign(Assign assign) {
      try {
        FakePartition partition = cluster.partition(assign.getTopic(), assign.getPartition());
        if (assign.getOffset() < partition.logStart || assign.getOffset() > partition.nextOffset) {
          throw new JangadaException(
              ErrorCode.OFFSET_OUT_OF_RANGE, "expected an offset in the log");
        }
        readings.put(
            assign.getAssignmentId(),
            new Reading(partition, assign, partition.epoch, assign.getOffset()));
      } catch (JangadaException e) {
        out.onNext(
            ConsumeResponse.newBuilder()
                .setAssignmentId(assign.getAssignmentId())
                .setError(WireErrors.toWire(e))
                .build());
      }
    }

    void pump() {
      synchronized (cluster) {
        try {
          for (Map.Entry<Long, Reading> each : List.copyOf(readings.entrySet())) {
            if (!over) {
              pump(each.getKey(), each.getValue());
            }
          }
        } catch (IllegalStateException e) {
          over = true; // the client has gone
        }
      }
    }

    private void pump(long id, Reading reading) {
      FakePartition partition = reading.partition();
      if (!serves(reading) || partition.epoch != reading.epoch()) {
        readings.remove(id);
        out.onNext(
            ConsumeResponse.newBuilder()
                .setAssignmentId(id)
                .setError(notLeader(partition))
                .build());
        return;
      }
      long offset = reading.offset();
      for (RecordBatch batch : new ArrayList<>(partition.log)) {
        if (credit <= 0) {
          break;
        }
        if (batch.nextOffset() <= offset) {
          continue;
        }
        ByteString bytes = onTheWay(partition, ByteString.copyFrom(batch.bytes()));
        partition.sentBytes += bytes.size();
        partition.responses.merge(broker.id(), 1, Integer::sum);
        credit -= bytes.size();
        offset = batch.nextOffset();
        out.onNext(
            ConsumeResponse.newBuilder()
                .setAssignmentId(id)
                .setRecordBatches(bytes)
                .setLeaderEpoch(partition.epoch)
                .setHighWatermark(partition.nextOffset)
                .setLogStartOffset(partition.logStart)
                .build());
      }
      readings.put(id, new Reading(partition, reading.assign(), reading.epoch(), offset));
    }

    private boolean serves(Reading reading) {
      FakePartition partition = reading.partition();
      boolean follows = partition.followers.contains(broker.id());
      return cluster.leads(broker, partition, reading.assign().getForward())
          || (reading.assign().getAnyReplica() && follows);
    }

    private ByteString onTheWay(FakePartition partition, ByteString bytes) {
      FakePartition.Damage damage = partition.damage;
      partition.damage = FakePartition.Damage.NONE;
      byte[] copy = bytes.toByteArray();
      return switch (damage) {
        case NONE -> bytes;
        case BIT -> {
          copy[copy.length - 1] ^= 1;
          yield ByteString.copyFrom(copy);
        }
        case NONSENSE -> ByteString.copyFromUtf8("nonsense");
      };
    }

    @Override
    public void onError(Throwable t) {
      over = true;
      broker.consumers.remove(this);
    }

    @Override
    public void onCompleted() {
      over = true;
      broker.consumers.remove(this);
    }
  }
}
