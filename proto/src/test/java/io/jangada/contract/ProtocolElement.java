// SPDX-License-Identifier: Apache-2.0
package io.jangada.contract;

/**
 * Something that the protocol promises.
 *
 * @param kind what it is
 * @param name in full, such as {@code jangada.v1.ProduceRequest.acks}
 * @param promise what must never change of it, in one line
 * @param comment what its {@code .proto} file says of it; may be empty
 */
record ProtocolElement(Kind kind, String name, String promise, String comment) {
  enum Kind {
    SERVICE,
    RPC,
    MESSAGE,
    ONEOF,
    FIELD,
    ENUM,
    VALUE
  }

  /** Its name without what it is in. */
  String simpleName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** What it is in. */
  String owner() {
    return name.substring(0, name.lastIndexOf('.'));
  }

  /** Whether applications may count on it. */
  boolean isPublic() {
    return name.startsWith("jangada.v1.");
  }
}
