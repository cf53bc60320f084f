// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.Heartbeat;
import io.jangada.internal.v1.HeartbeatAnswer;
import io.jangada.metadata.liveness.BrokerHeartbeat;

/** One broker's connection at the controller. */
final class SessionStream implements StreamObserver<Heartbeat>, ControllerEndpoint.SessionPeer {
  private final long stream;
  private final QuorumService service;
  private final ControllerEndpoint controller;
  private final ServerCallStreamObserver<HeartbeatAnswer> responses;

  /** Whose it is: the first heartbeat says so. Only touched by gRPC's serial callbacks. */
  private int brokerId = -1;

  private long brokerEpoch = -1;
  private boolean ended;

  SessionStream(
      long stream,
      QuorumService service,
      ControllerEndpoint controller,
      ServerCallStreamObserver<HeartbeatAnswer> responses) {
    this.stream = stream;
    this.service = service;
    this.controller = controller;
    this.responses = responses;
    responses.setOnCancelHandler(this::over);
  }

  @Override
  public void onNext(Heartbeat heartbeat) {
    long now = System.nanoTime();
    try {
      service.requireCluster(heartbeat.getClusterId());
    } catch (JangadaException e) {
      fail(e);
      return;
    }
    brokerId = heartbeat.getBrokerId();
    brokerEpoch = heartbeat.getBrokerEpoch();
    controller.heartbeat(
        new BrokerHeartbeat(
            brokerId,
            brokerEpoch,
            stream,
            heartbeat.getLastAnswer(),
            heartbeat.getMetadataIndex(),
            heartbeat.getOldestSyncAgeMs(),
            now),
        this);
  }

  @Override
  public void onError(Throwable error) {
    over();
  }

  @Override
  public void onCompleted() {
    over();
    complete();
  }

  private void over() {
    if (brokerId >= 0) {
      controller.broken(brokerId, brokerEpoch, stream);
    }
  }

  @Override
  public synchronized void answer(long number, long controllerEpoch, boolean fenced) {
    // A broker that does not read its answers does not get more of them: it loses its session.
    if (!ended && !responses.isCancelled() && responses.isReady()) {
      responses.onNext(
          HeartbeatAnswer.newBuilder()
              .setNumber(number)
              .setControllerEpoch(controllerEpoch)
              .setFenced(fenced)
              .build());
    }
  }

  @Override
  public synchronized void fail(JangadaException error) {
    if (!ended && !responses.isCancelled()) {
      responses.onNext(HeartbeatAnswer.newBuilder().setError(service.error(error)).build());
    }
    complete();
  }

  private synchronized void complete() {
    if (!ended) {
      ended = true;
      if (!responses.isCancelled()) {
        responses.onCompleted();
      }
    }
  }
}
