// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.api.v1.DeleteRecordsResult;
import io.jangada.broker.service.RecordDeletion;
import io.jangada.broker.service.TopicLookup;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request to delete records: names become ids, and answers are put back into its order. */
final class RecordDeletionRequest {
  private sealed interface Item {
    record Known(TopicIdPartition id) implements Item {}

    record Refused(JangadaException why) implements Item {}
  }

  private final List<Item> items = new ArrayList<>();
  private final Map<TopicIdPartition, Long> before = new LinkedHashMap<>();

  private RecordDeletionRequest() {}

  static RecordDeletionRequest of(
      MetadataImage image, List<io.jangada.api.v1.RecordDeletion> deletions) {
    RecordDeletionRequest request = new RecordDeletionRequest();
    for (io.jangada.api.v1.RecordDeletion deletion : deletions) {
      try {
        TopicIdPartition id =
            TopicLookup.partition(
                image, WireRefs.partition(deletion.getTopic(), deletion.getPartition()));
        request.before.put(id, deletion.getBeforeOffset());
        request.items.add(new Item.Known(id));
      } catch (JangadaException unknown) {
        request.items.add(new Item.Refused(unknown));
      }
    }
    return request;
  }

  /** The first offset to keep in each partition that is known here. */
  Map<TopicIdPartition, Long> before() {
    return before;
  }

  List<DeleteRecordsResult> results(Map<TopicIdPartition, RecordDeletion.Answer> answers) {
    return items.stream()
        .map(
            item ->
                switch (item) {
                  case Item.Refused(JangadaException why) -> failed(why);
                  case Item.Known(TopicIdPartition id) -> result(answers.get(id));
                })
        .toList();
  }

  private static DeleteRecordsResult result(RecordDeletion.Answer answer) {
    return switch (answer) {
      case RecordDeletion.Deleted(long logStartOffset) ->
          DeleteRecordsResult.newBuilder().setLogStartOffset(logStartOffset).build();
      case RecordDeletion.Failed(JangadaException why) -> failed(why);
    };
  }

  private static DeleteRecordsResult failed(JangadaException why) {
    return DeleteRecordsResult.newBuilder().setError(Failures.toError(why)).build();
  }
}
