// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.conversation;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** One connection to a broker, frame by frame. For one thread. */
final class Wire implements AutoCloseable {
  private static final int MAX_FRAME_BYTES = 64 << 20;
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

  private final Socket socket;
  private final DataInputStream in;

  /** What came back. */
  sealed interface Answer {
    /** A frame without its length. */
    record Frame(ByteBuffer bytes) implements Answer {}

    /** The broker closed the connection. */
    record Closed() implements Answer {}

    /** Nothing in time. */
    record Silence() implements Answer {}
  }

  Wire(InetSocketAddress broker) throws IOException {
    this.socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.connect(broker, (int) CONNECT_PATIENCE.toMillis());
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** Sends the frame's length and the frame. */
  void send(ByteBuffer frame) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + frame.remaining());
    bytes.putInt(frame.remaining()).put(frame.duplicate());
    try {
      socket.getOutputStream().write(bytes.array());
    } catch (SocketException e) {
      // Closed by the broker meanwhile: receiving says so.
      return;
    }
  }

  /** Waits for the next frame. */
  Answer receive(Duration patience) throws IOException {
    try {
      socket.setSoTimeout((int) patience.toMillis());
      int length = in.readInt();
      if (length < 0 || length > MAX_FRAME_BYTES) {
        throw new IOException("expected a frame's length, but got " + length);
      }
      byte[] bytes = new byte[length];
      in.readFully(bytes);
      return new Answer.Frame(ByteBuffer.wrap(bytes));
    } catch (SocketTimeoutException e) {
      return new Answer.Silence();
    } catch (EOFException | SocketException e) {
      return new Answer.Closed();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
