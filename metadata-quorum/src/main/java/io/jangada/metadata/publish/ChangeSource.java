// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.publish;

import io.jangada.metadata.store.Change;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the publisher reads from: the member's store. Thread-safe; may block for the disk. */
public interface ChangeSource {
  /** How far this member has applied the metadata. */
  long appliedIndex();

  /** The index of the last entry that changed anything; 0 before the first. */
  long changeIndex();

  /** See {@link io.jangada.metadata.store.MetadataStore#changesAfter}. */
  @Nullable List<Change> changesAfter(long index, int maxBytes);

  /** Writes the whole state into a new file. */
  void copyTo(Path file);
}
