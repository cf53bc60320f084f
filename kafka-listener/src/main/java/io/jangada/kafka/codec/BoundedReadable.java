// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.codec;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/**
 * Reads a request's frame, and only so many fields of it: each may become an object, many times as
 * large as what it is read from. Arrays cannot be announced longer than what may still be read. Not
 * thread-safe.
 */
final class BoundedReadable extends ByteBufferAccessor {
  private int fieldsLeft;

  BoundedReadable(ByteBuffer frame, int maxFields) {
    super(frame);
    this.fieldsLeft = maxFields;
  }

  @Override
  public byte readByte() {
    spend();
    return super.readByte();
  }

  @Override
  public short readShort() {
    spend();
    return super.readShort();
  }

  @Override
  public int readInt() {
    spend();
    return super.readInt();
  }

  @Override
  public long readLong() {
    spend();
    return super.readLong();
  }

  @Override
  public int readUnsignedVarint() {
    spend();
    return super.readUnsignedVarint();
  }

  @Override
  public int remaining() {
    return Math.min(super.remaining(), fieldsLeft);
  }

  private void spend() {
    fieldsLeft--;
    if (fieldsLeft < 0) {
      throw new InvalidRequestException("The request has too many fields.");
    }
  }
}
