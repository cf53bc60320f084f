// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.RequestUtils;

/**
 * A connection that asks a broker in Kafka's protocol and does as little as possible with what it
 * is told, so that what is measured is the broker. One thread may write while another reads.
 */
final class KafkaConnection implements AutoCloseable {
  private static final int FIRST_BYTES = 1024;

  private final SocketChannel channel;
  private final ByteBuffer length = ByteBuffer.allocateDirect(Integer.BYTES);
  private ByteBuffer response = ByteBuffer.allocateDirect(FIRST_BYTES);

  private KafkaConnection(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects to {@code host:port}. */
  static KafkaConnection open(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.connect(
        new InetSocketAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
    return new KafkaConnection(channel);
  }

  /** The frame of a request, its length included, ready to be written. */
  static ByteBuffer frame(ApiKeys key, short version, ApiMessage request) {
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(key.id)
            .setRequestApiVersion(version)
            .setClientId("bench");
    ByteBuffer body =
        RequestUtils.serialize(header, key.requestHeaderVersion(version), request, version);
    return ByteBuffer.allocateDirect(Integer.BYTES + body.remaining())
        .putInt(body.remaining())
        .put(body)
        .flip();
  }

  /** Writes a frame; the buffer itself stays as it is. */
  void write(ByteBuffer frame) throws IOException {
    ByteBuffer rest = frame.duplicate();
    while (rest.hasRemaining()) {
      channel.write(rest);
    }
  }

  /** The next response without its length; valid until the next one is read. */
  ByteBuffer read() throws IOException {
    fill(length.clear());
    int bytes = length.getInt(0);
    if (response.capacity() < bytes) {
      response = ByteBuffer.allocateDirect(bytes + bytes / 4);
    }
    fill(response.clear().limit(bytes));
    return response.flip();
  }

  private void fill(ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("expected a response, but the broker closed the connection");
      }
    }
  }

  /** The body of a response, behind its header. */
  static ByteBufferAccessor body(ApiKeys key, short version, ByteBuffer response) {
    ByteBufferAccessor body = new ByteBufferAccessor(response);
    var unused = new ResponseHeaderData(body, key.responseHeaderVersion(version));
    return body;
  }

  /** Asks, and returns the body of the answer. */
  ByteBufferAccessor ask(ApiKeys key, short version, ApiMessage request) throws IOException {
    write(frame(key, version, request));
    return body(key, version, read());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
