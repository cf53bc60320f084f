// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a conversation remembers. {@code '$pid'} stands for a value, {@code '$pid+1'} for a sum. */
final class Variables {
  private static final Pattern REFERENCE = Pattern.compile("\\$([\\w.-]+?)([+-]\\d+)?");

  private final Map<String, JsonNode> values = new HashMap<>();

  /** Remembers. */
  void set(String name, JsonNode value) {
    if (value.isMissingNode()) {
      throw new IllegalStateException("expected a value for " + name + ", but there is none");
    }
    values.put(name, value);
  }

  /** A copy with values instead of references. */
  JsonNode fillIn(JsonNode node) {
    if (node.isObject()) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      node.properties().forEach(entry -> copy.set(entry.getKey(), fillIn(entry.getValue())));
      return copy;
    } else if (node.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      node.forEach(element -> copy.add(fillIn(element)));
      return copy;
    }
    Matcher matcher = REFERENCE.matcher(node.isTextual() ? node.textValue() : "");
    return matcher.matches() ? value(matcher) : node;
  }

  private JsonNode value(Matcher reference) {
    JsonNode whole = values.get(reference.group().substring(1));
    if (whole != null) {
      return whole;
    }
    JsonNode value = values.get(reference.group(1));
    if (value == null) {
      throw new IllegalStateException("nothing is known by the name " + reference.group());
    }
    return reference.group(2) == null
        ? value
        : LongNode.valueOf(value.asLong() + Long.parseLong(reference.group(2)));
  }
}
