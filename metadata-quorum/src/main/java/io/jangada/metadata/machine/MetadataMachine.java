// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.machine;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of the metadata log. Pure: the same image, index and batch give the same result
 * on every node. It never throws for anything that a batch says.
 */
public final class MetadataMachine {
  private MetadataMachine() {}

  /**
   * Applies one entry.
   *
   * @param image the state so far
   * @param index the entry's index; an entry that the image already reflects changes nothing
   * @param batch what the controller proposed
   */
  public static Applied apply(MetadataImage image, long index, ConditionalBatch batch) {
    if (index <= image.index()) {
      return unchanged(image, batch, new ItemResult.Replayed());
    }
    Refusal stale = checkController(image, batch);
    if (stale != null) {
      return unchanged(image.withIndex(index), batch, new ItemResult.Rejected(stale));
    }
    List<MetadataRecord> accepted = new ArrayList<>();
    List<ItemResult> results = new ArrayList<>(batch.items().size());
    MetadataImage current = image;
    for (BatchItem item : batch.items()) {
      Attempt attempt = new Attempt(current, index);
      Refusal refusal = attempt.write(item);
      if (refusal == null) {
        current = attempt.image;
        accepted.addAll(attempt.records);
        results.add(new ItemResult.Accepted());
      } else {
        results.add(new ItemResult.Rejected(refusal));
      }
    }
    return new Applied(new MetadataDelta(image, current.withIndex(index), accepted), results);
  }

  private static Applied unchanged(MetadataImage image, ConditionalBatch batch, ItemResult result) {
    return new Applied(
        new MetadataDelta(image, image, List.of()),
        Collections.nCopies(batch.items().size(), result));
  }

  /** Only the present controller writes; only a claim makes a node the controller. */
  private static @Nullable Refusal checkController(MetadataImage image, ConditionalBatch batch) {
    boolean claiming = batch.controllerEpoch() == ConditionalBatch.CLAIMING;
    for (BatchItem item : batch.items()) {
      for (MetadataRecord record : item.records()) {
        if (claiming != record instanceof MetadataRecord.ControllerClaimed) {
          return new Refusal(
              ErrorCode.INVALID_REQUEST,
              "expected a claim of the controllership to stand alone, but the batch mixes it");
        }
      }
    }
    if (claiming) {
      return null;
    }
    boolean present =
        image.controllerEpoch() > 0 && batch.controllerEpoch() == image.controllerEpoch();
    return present
        ? null
        : new Refusal(
            ErrorCode.NOT_CONTROLLER,
            "expected controller epoch "
                + image.controllerEpoch()
                + ", but the batch has "
                + batch.controllerEpoch());
  }

  /** One item on its way; dropped if it is rejected. */
  private static final class Attempt {
    private final long index;
    private final List<MetadataRecord> records = new ArrayList<>();
    private MetadataImage image;

    Attempt(MetadataImage image, long index) {
      this.image = image;
      this.index = index;
    }

    @Nullable Refusal write(BatchItem item) {
      for (Precondition precondition : item.preconditions()) {
        Refusal refusal = Preconditions.check(precondition, image);
        if (refusal != null) {
          return refusal;
        }
      }
      for (MetadataRecord proposed : item.records()) {
        MetadataRecord record = stamped(proposed);
        Refusal refusal = Invariants.check(record, image);
        if (refusal != null) {
          return refusal;
        }
        image = image.with(record);
        records.add(record);
      }
      return null;
    }

    /** Epochs of controllers and brokers are the index of the entry that gave them. */
    private MetadataRecord stamped(MetadataRecord record) {
      if (record instanceof MetadataRecord.ControllerClaimed(int nodeId, long ignored)) {
        return new MetadataRecord.ControllerClaimed(nodeId, index);
      }
      if (record instanceof MetadataRecord.BrokerRegistered(BrokerRegistration registration)) {
        return new MetadataRecord.BrokerRegistered(registration.withBrokerEpoch(index));
      }
      return record;
    }
  }
}
