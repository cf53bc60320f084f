// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;

/** Requests with one element in each list, down to the deepest, and a text in each text. */
final class FilledRequests {
  private static final Set<String> OF_COLLECTIONS =
      Set.of("setPrev", "setNext", "setUnknownTaggedFields");

  private FilledRequests() {}

  /** The request. Not every version has all of its fields, and it cannot be written in those. */
  static ApiMessage of(ApiKeys key) {
    return (ApiMessage)
        filled(org.apache.kafka.common.message.ApiMessageType.fromApiKey(key.id).newRequest());
  }

  private static Object filled(Object message) {
    try {
      for (Method setter : message.getClass().getMethods()) {
        if (setter.getName().startsWith("set")
            && setter.getParameterCount() == 1
            && !OF_COLLECTIONS.contains(setter.getName())) {
          Optional<Object> value = value(setter.getGenericParameterTypes()[0]);
          if (value.isPresent()) {
            setter.invoke(message, value.get());
          }
        }
      }
      return message;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("expected to fill " + message.getClass(), e);
    }
  }

  /** Numbers stay what they are. */
  private static Optional<Object> value(Type type) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType list) {
      return value(list.getActualTypeArguments()[0]).map(List::of);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == String.class) {
      return Optional.of("fuzzed");
    } else if (raw == byte[].class) {
      return Optional.of(new byte[] {1, 2, 3});
    } else if (raw == ByteBuffer.class) {
      return Optional.of(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    } else if (raw == Uuid.class) {
      return Optional.of(new Uuid(1, 2));
    } else if (raw == Integer.class) {
      return Optional.of(1);
    } else if (raw == Long.class) {
      return Optional.of(1L);
    } else if (raw == Short.class) {
      return Optional.of((short) 1);
    } else if (Collection.class.isAssignableFrom(raw)) {
      return Optional.of(collection(raw));
    }
    return Message.class.isAssignableFrom(raw)
        ? Optional.of(filled(raw.getConstructor().newInstance()))
        : Optional.empty();
  }

  @SuppressWarnings("unchecked") // Of whatever the class says that it is a collection of.
  private static Object collection(Class<?> raw) throws ReflectiveOperationException {
    Constructor<?> constructor = raw.getConstructor();
    Collection<Object> elements = (Collection<Object>) constructor.newInstance();
    Type element = ((ParameterizedType) raw.getGenericSuperclass()).getActualTypeArguments()[0];
    value(element).ifPresent(elements::add);
    return elements;
  }
}
