// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;

/** A connection on which a test writes what it likes. Not thread-safe. */
public final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MS = 30_000;
  private static final int MAX_RESPONSE_BYTES = 64 << 20;

  private final Socket socket;
  private final DataInputStream in;

  /** Connects to this machine. */
  public RawClient(int port) throws IOException {
    this(port, 0);
  }

  /** With a receive buffer of so many bytes; 0: what the system gives. */
  RawClient(int port, int receiveBytes) throws IOException {
    socket = new Socket();
    if (receiveBytes > 0) {
      socket.setReceiveBufferSize(receiveBytes);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new DataInputStream(socket.getInputStream());
  }

  /** The frame of a request, its length included. */
  static byte[] frame(ApiKeys key, short version, int correlationId, ApiMessage request) {
    RequestHeader header =
        new RequestHeader(
            new RequestHeaderData()
                .setRequestApiKey(key.id)
                .setRequestApiVersion(version)
                .setCorrelationId(correlationId)
                .setClientId("raw"),
            key.requestHeaderVersion(version));
    ByteBuffer body =
        RequestUtils.serialize(header.data(), header.headerVersion(), request, version);
    return ByteBuffer.allocate(Integer.BYTES + body.remaining())
        .putInt(body.remaining())
        .put(body)
        .array();
  }

  /** Writes bytes as they are. */
  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** The next response without its length; empty if the connection was closed. */
  Optional<ByteBuffer> read() throws IOException {
    try {
      int length = in.readInt();
      if (length < 0 || length > MAX_RESPONSE_BYTES) {
        throw new AssertionError("expected a response, but its length is " + length);
      }
      byte[] response = new byte[length];
      in.readFully(response);
      return Optional.of(ByteBuffer.wrap(response));
    } catch (EOFException | SocketException e) {
      return Optional.empty();
    }
  }

  /** As {@link #read}, for so long; then it throws. */
  Optional<ByteBuffer> read(int patienceMs) throws IOException {
    socket.setSoTimeout(patienceMs);
    try {
      return read();
    } catch (SocketTimeoutException e) {
      throw e;
    } finally {
      socket.setSoTimeout(PATIENCE_MS);
    }
  }

  /** Asks, and returns what is answered. */
  public ApiMessage ask(ApiKeys key, short version, int correlationId, ApiMessage request)
      throws IOException {
    write(frame(key, version, correlationId, request));
    ByteBuffer response = read().orElseThrow(() -> new EOFException("closed"));
    return response(key, version, response);
  }

  /** Reads a response of the API. */
  static ApiMessage response(ApiKeys key, short version, ByteBuffer response) {
    ByteBufferAccessor body = new ByteBufferAccessor(response);
    new org.apache.kafka.common.message.ResponseHeaderData(
        body, key.responseHeaderVersion(version));
    return AbstractResponse.parseResponse(key, body, version).data();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
