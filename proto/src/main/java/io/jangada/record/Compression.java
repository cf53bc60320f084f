// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import java.util.Optional;

/** How the records of a batch are compressed; the ids stand in the batch's attributes. */
public enum Compression {
  /** As they are. */
  NONE(0),
  /** RFC 1952. */
  GZIP(1),
  /** Snappy in xerial's framing. */
  SNAPPY(2),
  /** LZ4 frame format. */
  LZ4(3),
  /** Zstandard. */
  ZSTD(4);

  private static final Compression[] BY_ID = values();

  private final int id;

  Compression(int id) {
    this.id = id;
  }

  /** The number in the batch's attributes. */
  public int id() {
    return id;
  }

  /** The compression of that number, or empty. */
  public static Optional<Compression> ofId(int id) {
    return id >= 0 && id < BY_ID.length ? Optional.of(BY_ID[id]) : Optional.empty();
  }
}
