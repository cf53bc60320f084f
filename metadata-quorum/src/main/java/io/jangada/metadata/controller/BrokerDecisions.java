// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.machine.ItemResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fencing, unfencing and controlled shutdown. The entry that changes a broker's status carries the
 * first of the partitions that this concerns; {@link Controller#sweep} brings the others.
 */
final class BrokerDecisions {
  private BrokerDecisions() {}

  static Decision fence(MetadataImage image, ControllerRequest.FenceBroker request) {
    Refusal refusal = checkEpoch(image, request.brokerId(), request.brokerEpoch());
    if (refusal != null) {
      return Answers.failed(image, refusal);
    }
    if (status(image, request.brokerId()) == BrokerStatus.FENCED) {
      return Answers.done(image);
    }
    List<BatchItem> items =
        change(
            image,
            request.brokerId(),
            request.brokerEpoch(),
            BrokerStatus.FENCED,
            request.reason());
    return Answers.propose(image, bounded(items), ControllerAnswer.Done::new);
  }

  static Decision unfence(MetadataImage image, ControllerRequest.UnfenceBroker request) {
    Refusal refusal = checkEpoch(image, request.brokerId(), request.brokerEpoch());
    if (refusal != null) {
      return Answers.failed(image, refusal);
    }
    if (request.metadataIndex() < request.brokerEpoch()) {
      return Answers.failed(
          image,
          ErrorCode.INVALID_REQUEST,
          "expected broker "
              + request.brokerId()
              + " to have the metadata up to its registration at index "
              + request.brokerEpoch()
              + ", but it has "
              + request.metadataIndex(),
          "ask again once it has caught up");
    }
    return switch (status(image, request.brokerId())) {
      case ACTIVE -> Answers.done(image);
      case SHUTTING_DOWN ->
          Answers.failed(
              image,
              ErrorCode.SHUTTING_DOWN,
              "expected a fenced broker, but broker " + request.brokerId() + " is shutting down",
              "it comes back with its next registration");
      case FENCED ->
          Answers.propose(
              image,
              bounded(
                  change(
                      image,
                      request.brokerId(),
                      request.brokerEpoch(),
                      BrokerStatus.ACTIVE,
                      "caught up with the metadata")),
              ControllerAnswer.Done::new);
    };
  }

  static Decision shutDown(MetadataImage image, ControllerRequest.ControlledShutdown request) {
    Refusal refusal = checkEpoch(image, request.brokerId(), request.brokerEpoch());
    if (refusal != null) {
      return Answers.failed(image, refusal);
    }
    return switch (status(image, request.brokerId())) {
      case FENCED -> new Decision.Answer(new ControllerAnswer.ShutdownProgress(image.index(), 0));
      case SHUTTING_DOWN -> moved(image, PartitionChanges.settling(image, image));
      case ACTIVE ->
          moved(
              image,
              change(
                  image,
                  request.brokerId(),
                  request.brokerEpoch(),
                  BrokerStatus.SHUTTING_DOWN,
                  "controlled shutdown"));
    };
  }

  /** A partition that no one else can lead does not count: it would keep the broker for ever. */
  private static Decision moved(MetadataImage image, List<BatchItem> items) {
    if (items.isEmpty()) {
      return new Decision.Answer(new ControllerAnswer.ShutdownProgress(image.index(), 0));
    }
    List<BatchItem> first = bounded(items);
    return new Decision.Propose(
        new ConditionalBatch(image.controllerEpoch(), first),
        applied -> {
          long written =
              applied.results().stream().filter(ItemResult.Accepted.class::isInstance).count();
          return new ControllerAnswer.ShutdownProgress(
              applied.image().index(), items.size() - (int) written);
        });
  }

  /** Whether that incarnation is the registered one; null if so. */
  static @Nullable Refusal checkEpoch(MetadataImage image, int brokerId, long brokerEpoch) {
    BrokerRegistration broker = image.broker(brokerId);
    if (broker == null) {
      return new Refusal(
          ErrorCode.BROKER_NOT_REGISTERED,
          "expected broker " + brokerId + " to be registered, but it never was");
    }
    return broker.brokerEpoch() == brokerEpoch
        ? null
        : new Refusal(
            ErrorCode.STALE_BROKER_EPOCH,
            "expected the epoch of broker "
                + brokerId
                + " to be "
                + broker.brokerEpoch()
                + ", but got "
                + brokerEpoch,
            "a newer process has registered under this broker id");
  }

  private static BrokerStatus status(MetadataImage image, int brokerId) {
    BrokerRegistration broker = image.broker(brokerId);
    return broker == null ? BrokerStatus.FENCED : broker.status();
  }

  private static List<BatchItem> change(
      MetadataImage image, int brokerId, long brokerEpoch, BrokerStatus status, String reason) {
    MetadataRecord record = new MetadataRecord.BrokerStatusChanged(brokerId, status, reason);
    List<BatchItem> items = new ArrayList<>();
    items.add(
        new BatchItem(
            List.of(new Precondition.BrokerEpochIs(brokerId, brokerEpoch)), List.of(record)));
    items.addAll(PartitionChanges.settling(image, image.with(record)));
    return items;
  }

  private static List<BatchItem> bounded(List<BatchItem> items) {
    return items.subList(0, Math.min(items.size(), 1 + Controller.MAX_PARTITIONS_PER_ENTRY));
  }
}
