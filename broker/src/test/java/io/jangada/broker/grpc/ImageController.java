// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.ControllerGateway;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.controller.Controller;
import io.jangada.metadata.controller.Decision;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.machine.Applied;
import io.jangada.metadata.machine.MetadataMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The controller's own rules on an image in memory, seen by the broker at once. */
public final class ImageController implements ControllerGateway, ClusterMetadata {
  private final List<Consumer<MetadataDelta>> listeners = new ArrayList<>();
  private MetadataImage image = MetadataImage.EMPTY;

  /** A cluster of which so much was asked. */
  public ImageController(ControllerRequest... requests) {
    for (ControllerRequest request : requests) {
      submit(request).join();
    }
  }

  @Override
  public CompletableFuture<ControllerAnswer> submit(ControllerRequest request) {
    return CompletableFuture.completedFuture(
        switch (Controller.decide(image, request, 1)) {
          case Decision.Answer(ControllerAnswer answer) -> answer;
          case Decision.Propose propose -> {
            Applied applied = MetadataMachine.apply(image, image.index() + 1, propose.batch());
            image = applied.image();
            listeners.forEach(listener -> listener.accept(applied.delta()));
            yield propose.conclusion().conclude(applied);
          }
        });
  }

  @Override
  public MetadataImage image() {
    return image;
  }

  @Override
  public Listening listen(Consumer<MetadataDelta> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public CompletableFuture<Void> reached(long index) {
    return CompletableFuture.completedFuture(null);
  }
}
