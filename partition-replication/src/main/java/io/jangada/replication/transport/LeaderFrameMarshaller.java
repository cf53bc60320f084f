// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.jangada.internal.v1.LeaderMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches straight into the network's buffers, and reads a message with one copy into an
 * array of its own. (A message is spread over the network's buffers in pieces of an HTTP/2 frame
 * each, 16 KiB by default, so a batch that is to be one {@link ByteBuffer} has to be put together
 * somewhere; in an array it may then stay in the tail cache, and a slow disk holds no network
 * buffers.) On the wire it is a plain {@link LeaderMessage}.
 */
final class LeaderFrameMarshaller implements MethodDescriptor.Marshaller<LeaderFrame> {
  @Override
  public InputStream stream(LeaderFrame frame) {
    return new FrameStream(frame);
  }

  @Override
  public LeaderFrame parse(InputStream stream) {
    try {
      byte[] bytes =
          stream instanceof KnownLength
              ? stream.readNBytes(stream.available())
              : stream.readAllBytes();
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      input.enableAliasing(true);
      LeaderMessage message = LeaderMessage.parseFrom(input);
      int batchBytes = message.getBatches().size();
      // The field is the last one; an array-backed view is what checksums and files like best.
      ByteBuffer batches = ByteBuffer.wrap(bytes, bytes.length - batchBytes, batchBytes).slice();
      return new LeaderFrame(message, batchBytes == 0 ? List.of() : List.of(batches), batchBytes);
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("expected a LeaderMessage, but " + e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }

  /** Computes nothing until gRPC drains it. */
  private static final class FrameStream extends InputStream implements KnownLength, Drainable {
    private static final int MAX_PREFIX_BYTES = 16;

    private final LeaderFrame frame;
    private final byte[] prefix;
    private @Nullable InputStream undrained;

    FrameStream(LeaderFrame frame) {
      this.frame = frame;
      this.prefix = prefix(frame.batchBytes());
    }

    private static byte[] prefix(int batchBytes) {
      if (batchBytes == 0) {
        return new byte[0];
      }
      byte[] buffer = new byte[MAX_PREFIX_BYTES];
      CodedOutputStream out = CodedOutputStream.newInstance(buffer);
      try {
        out.writeTag(LeaderMessage.BATCHES_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(batchBytes);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      return java.util.Arrays.copyOf(buffer, out.getTotalBytesWritten());
    }

    @Override
    public int available() throws IOException {
      return undrained != null
          ? undrained.available()
          : frame.head().getSerializedSize() + prefix.length + frame.batchBytes();
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int size = available();
      frame.head().writeTo(target);
      target.write(prefix);
      for (ByteBuffer batch : frame.batches()) {
        if (batch.hasArray()) {
          target.write(batch.array(), batch.arrayOffset() + batch.position(), batch.remaining());
        } else {
          byte[] copy = new byte[batch.remaining()];
          batch.duplicate().get(copy);
          target.write(copy);
        }
      }
      return size;
    }

    /** Only where something in between wants a plain stream. */
    private InputStream plain() throws IOException {
      if (undrained == null) {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream(available());
        drainTo(bytes);
        undrained = new java.io.ByteArrayInputStream(bytes.toByteArray());
      }
      return undrained;
    }

    @Override
    public int read() throws IOException {
      return plain().read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return plain().read(into, offset, length);
    }
  }
}
