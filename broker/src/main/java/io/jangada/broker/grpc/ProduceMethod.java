// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.api.v1.ProduceServiceGrpc;
import java.io.IOException;
import java.io.InputStream;

/**
 * The Produce method with a marshaller that copies a batch once, from the network's buffers into an
 * array of its own, in which it stays until it is in its log. (The generated one reads the message
 * into a buffer first and copies the batch from there.)
 */
final class ProduceMethod {
  static final MethodDescriptor<ProduceRequest, ProduceResponse> DESCRIPTOR =
      ProduceServiceGrpc.getProduceMethod().toBuilder(
              new RequestMarshaller(ProduceServiceGrpc.getProduceMethod().getRequestMarshaller()),
              ProduceServiceGrpc.getProduceMethod().getResponseMarshaller())
          .build();

  private ProduceMethod() {}

  /** Reads requests; writing them is left to the generated marshaller. */
  private record RequestMarshaller(MethodDescriptor.Marshaller<ProduceRequest> generated)
      implements MethodDescriptor.Marshaller<ProduceRequest> {
    @Override
    public InputStream stream(ProduceRequest request) {
      return generated.stream(request);
    }

    @Override
    public ProduceRequest parse(InputStream stream) {
      try {
        byte[] bytes =
            stream instanceof KnownLength
                ? stream.readNBytes(stream.available())
                : stream.readAllBytes();
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
        // The array is ours alone, so the message may keep parts of it.
        input.enableAliasing(true);
        return ProduceRequest.parseFrom(input);
      } catch (IOException e) {
        throw Status.INTERNAL
            .withDescription("expected a ProduceRequest, but " + e.getMessage())
            .withCause(e)
            .asRuntimeException();
      }
    }
  }
}
