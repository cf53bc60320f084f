// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.machine;

import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import java.util.List;

/**
 * What an entry did. Immutable.
 *
 * @param delta exactly the accepted records, in order, between the two images
 * @param results one for each item, in order
 */
public record Applied(MetadataDelta delta, List<ItemResult> results) {
  /** Copies the results. */
  public Applied {
    results = List.copyOf(results);
  }

  /** The image after the entry. */
  public MetadataImage image() {
    return delta.after();
  }
}
