// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A topic as a client refers to it: by name, by id, or both.
 *
 * @param name may be empty if {@code id} is given
 * @param id null if the client does not know it
 */
public record TopicRef(String name, @Nullable UUID id) {
  @Override
  public String toString() {
    return name.isEmpty() ? String.valueOf(id) : name;
  }
}
