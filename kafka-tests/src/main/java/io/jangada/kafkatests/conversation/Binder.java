// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.jspecify.annotations.Nullable;

/**
 * Fills in Kafka's generated message classes from JSON. A field that a version does not have is
 * left out in it, so that one text serves many versions; one that no version has is an error.
 */
final class Binder {
  private static final String HEX = "hex:";

  private Binder() {}

  /** Sets what the JSON names and the schema has. */
  static void bind(JsonNode fields, Object message, Schema schema) {
    fields
        .properties()
        .forEach(
            entry -> {
              Method setter = setter(message.getClass(), entry.getKey());
              org.apache.kafka.common.protocol.types.@Nullable Type type =
                  type(schema, snakeCase(entry.getKey()));
              if (type != null) {
                Object value = value(entry.getValue(), setter.getGenericParameterTypes()[0], type);
                invoke(setter, message, value);
              }
            });
  }

  private static @Nullable Object value(
      JsonNode json, Type javaType, org.apache.kafka.common.protocol.types.Type type) {
    if (json.isNull()) {
      return null;
    }
    if (javaType instanceof ParameterizedType list) {
      return filled(new ArrayList<>(), json, list.getActualTypeArguments()[0], type);
    }
    Class<?> raw = (Class<?>) javaType;
    if (Collection.class.isAssignableFrom(raw)) {
      ParameterizedType parent = (ParameterizedType) raw.getGenericSuperclass();
      return filled((Collection<?>) create(raw), json, parent.getActualTypeArguments()[0], type);
    }
    if (raw == byte[].class) {
      return bytes(json.textValue());
    } else if (raw == ByteBuffer.class) {
      return ByteBuffer.wrap(bytes(json.textValue()));
    } else if (BaseRecords.class.isAssignableFrom(raw)) {
      return Batches.records(json);
    }
    return scalar(json, raw, type);
  }

  private static Object scalar(
      JsonNode json, Class<?> raw, org.apache.kafka.common.protocol.types.Type type) {
    if (raw == String.class) {
      return json.asText();
    } else if (raw == Uuid.class) {
      return Uuid.fromString(json.asText());
    } else if (raw == boolean.class) {
      return json.asBoolean();
    } else if (raw == byte.class || raw == Byte.class) {
      return (byte) json.asInt();
    } else if (raw == short.class || raw == Short.class) {
      return (short) json.asInt();
    } else if (raw == int.class || raw == Integer.class) {
      return json.asInt();
    } else if (raw == long.class || raw == Long.class) {
      return json.asLong();
    } else if (raw == double.class) {
      return json.asDouble();
    }
    Object struct = create(raw);
    bind(json, struct, (Schema) type);
    return struct;
  }

  private static Collection<?> filled(
      Collection<?> target,
      JsonNode json,
      Type elementType,
      org.apache.kafka.common.protocol.types.Type type) {
    @SuppressWarnings("unchecked") // What the setter takes is what its generic type says.
    Collection<@Nullable Object> elements = (Collection<@Nullable Object>) target;
    org.apache.kafka.common.protocol.types.Type inner =
        type.arrayElementType()
            .orElseThrow(() -> new IllegalArgumentException("no array: " + type));
    json.forEach(element -> elements.add(value(element, elementType, inner)));
    return elements;
  }

  /** What a text stands for: {@code hex:0aff}, or its own bytes. */
  static byte[] bytes(String text) {
    return text.startsWith(HEX)
        ? HexFormat.of().parseHex(text.substring(HEX.length()).replace(" ", ""))
        : text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The field's type in a schema, also where it is tagged; null if the version has no such field.
   */
  private static org.apache.kafka.common.protocol.types.@Nullable Type type(
      Schema schema, String name) {
    for (BoundField field : schema.fields()) {
      if (field.def.name.equals(name)) {
        return field.def.type;
      }
      if (field.def.type instanceof TaggedFields tagged) {
        for (Map.Entry<Integer, Field> entry : tagged.fields().entrySet()) {
          if (entry.getValue().name.equals(name)) {
            return entry.getValue().type;
          }
        }
      }
    }
    return null;
  }

  private static Method setter(Class<?> type, String field) {
    String name = "set" + field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1);
    List<Method> setters =
        Arrays.stream(type.getMethods())
            .filter(method -> method.getName().equals(name) && method.getParameterCount() == 1)
            .toList();
    if (setters.isEmpty()) {
      throw new IllegalArgumentException(
          "expected a field of " + type.getSimpleName() + ", but got " + field);
    }
    return setters.getFirst();
  }

  private static Object create(Class<?> type) {
    try {
      Constructor<?> constructor = type.getConstructor();
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("cannot make a " + type, e);
    }
  }

  private static void invoke(Method setter, Object message, @Nullable Object value) {
    try {
      setter.invoke(message, value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalArgumentException("cannot call " + setter, e);
    }
  }

  /** As the schemas write names: topicData is topic_data. */
  private static String snakeCase(String name) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char letter = name.charAt(i);
      if (Character.isUpperCase(letter)) {
        text.append('_').append(Character.toLowerCase(letter));
      } else {
        text.append(letter);
      }
    }
    return text.toString();
  }
}
