// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * What applying an entry yielded, on its way through Ratis to whoever proposed it. It never leaves
 * the process, because entries are only proposed on the leader itself.
 */
record AppliedMessage<R>(R result) implements Message {
  @Override
  public ByteString getContent() {
    return ByteString.EMPTY;
  }
}
