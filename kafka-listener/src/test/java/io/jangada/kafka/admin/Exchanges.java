// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.Network;
import io.jangada.kafka.api.RequestContext;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** Asks an API as a client does: what goes over the wire is written and read in its version. */
final class Exchanges {
  private static final long PATIENCE_SECONDS = 20;

  private Exchanges() {}

  /** Every version that is served. */
  static List<Short> versions(KafkaApi<?> api) {
    return IntStream.rangeClosed(api.versions().oldest(), api.versions().latest())
        .mapToObj(version -> (short) version)
        .toList();
  }

  /** In the latest version. */
  static <Q extends ApiMessage, R extends ApiMessage> R ask(
      KafkaApi<Q> api, Q request, Class<R> response) throws Exception {
    return ask(api, request, api.versions().latest(), response);
  }

  @SuppressWarnings("unchecked") // the message type of the key makes requests of the API's class
  static <Q extends ApiMessage, R extends ApiMessage> R ask(
      KafkaApi<Q> api, Q request, short version, Class<R> response) throws Exception {
    ApiMessageType type = ApiMessageType.fromApiKey(api.key().id);
    Q received = (Q) copy(request, type.newRequest(), version);
    ApiMessage answer =
        api.handle(received, new Context(version)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return response.cast(copy(answer, type.newResponse(), version));
  }

  private static ApiMessage copy(Message from, ApiMessage to, short version) {
    ObjectSerializationCache cache = new ObjectSerializationCache();
    ByteBuffer bytes = ByteBuffer.allocate(from.size(cache, version));
    from.write(new ByteBufferAccessor(bytes), cache, version);
    to.read(new ByteBufferAccessor(bytes.flip()), version);
    return to;
  }

  private record Context(short version) implements RequestContext {
    @Override
    public String clientId() {
      return "test";
    }

    @Override
    public InetSocketAddress client() {
      return new InetSocketAddress(0);
    }

    @Override
    public Network network() {
      return Network.MAIN;
    }

    @Override
    public Executor thread() {
      return Runnable::run;
    }

    @Override
    public Timer schedule(Runnable what, long delayMs) {
      throw new UnsupportedOperationException("nothing here waits");
    }

    @Override
    public void whenDone(Runnable what) {
      throw new UnsupportedOperationException("nothing here holds anything");
    }
  }
}
