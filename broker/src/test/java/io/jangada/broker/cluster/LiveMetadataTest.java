// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.broker.service.ClusterMetadata.Listening;
import io.jangada.metadata.image.MetadataDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LiveMetadataTest {
  private final LiveMetadata metadata = new LiveMetadata();

  @Test
  void anIndexIsReachedWhenTheImageIsThere() {
    CompletableFuture<Void> five = metadata.reached(5);
    CompletableFuture<Void> six = metadata.reached(6);
    advance(5);
    assertThat(five).isDone();
    assertThat(six).isNotDone();
    assertThat(metadata.reached(3)).isDone();
    advance(9);
    assertThat(six).isDone();
  }

  @Test
  void listenersHearOfEachChangeUntilTheyLeave() {
    List<Long> heard = new ArrayList<>();
    Listening listening = metadata.listen(delta -> heard.add(delta.after().index()));
    advance(1);
    advance(2);
    listening.close();
    advance(3);
    assertThat(heard).containsExactly(1L, 2L);
  }

  @Test
  void aListenerThatThrowsDoesNotStopTheOthers() {
    List<Long> heard = new ArrayList<>();
    metadata.listen(
        delta -> {
          throw new IllegalStateException("a broken listener");
        });
    metadata.listen(delta -> heard.add(delta.after().index()));
    advance(1);
    assertThat(heard).containsExactly(1L);
  }

  private void advance(long index) {
    metadata.advance(MetadataDelta.of(metadata.image(), index, List.of()));
  }
}
