// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.difference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.jangada.kafkatests.conversation.Exchange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One value that two answers do not share.
 *
 * @param exchange as Kafka answered it
 * @param path in the answer; elements of lists by what names them: {@code /topics[data]/errorCode}
 * @param expected Kafka's value; missing if it has none
 * @param actual the other's
 */
public record Difference(Exchange exchange, String path, JsonNode expected, JsonNode actual) {
  /** What names an element of a list, the first that it has. */
  private static final List<String> NAMES =
      List.of(
          "apiKey",
          "resourceName",
          "name",
          "topicName",
          "topic",
          "topicId",
          "configName",
          "partitionIndex",
          "partition",
          "index",
          "nodeId",
          "brokerId",
          "batchIndex",
          "baseOffset",
          "offset");

  /** All differences of two answers to the same request. */
  public static List<Difference> between(Exchange expected, Exchange actual) {
    List<Difference> found = new ArrayList<>();
    compare(expected, "", expected.answer(), actual.answer(), found);
    return found;
  }

  private static void compare(
      Exchange exchange, String path, JsonNode expected, JsonNode actual, List<Difference> found) {
    if (expected.isObject() && actual.isObject()) {
      Set<String> names = new LinkedHashSet<>();
      expected.fieldNames().forEachRemaining(names::add);
      actual.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        compare(exchange, path + "/" + name, expected.path(name), actual.path(name), found);
      }
    } else if (expected.isArray() && actual.isArray()) {
      Map<String, JsonNode> left = byName(expected);
      Map<String, JsonNode> right = byName(actual);
      Set<String> names = new LinkedHashSet<>(left.keySet());
      names.addAll(right.keySet());
      for (String name : names) {
        compare(
            exchange,
            path + "[" + name + "]",
            left.getOrDefault(name, MissingNode.getInstance()),
            right.getOrDefault(name, MissingNode.getInstance()),
            found);
      }
    } else if (!expected.equals(actual)) {
      found.add(new Difference(exchange, path, expected, actual));
    }
  }

  private static Map<String, JsonNode> byName(JsonNode array) {
    Map<String, JsonNode> elements = new LinkedHashMap<>();
    int position = 0;
    for (JsonNode element : array) {
      String name = name(element, position++);
      while (elements.containsKey(name)) {
        name += "'";
      }
      elements.put(name, element);
    }
    return elements;
  }

  private static String name(JsonNode element, int position) {
    for (String field : NAMES) {
      if (element.hasNonNull(field) && !element.path(field).asText().equals("<none>")) {
        return element.path(field).asText();
      }
    }
    return Integer.toString(position);
  }

  /**
   * In lines, one for all versions of an API in which the same value differs in the same way:
   * reports are read by people.
   */
  public static List<String> report(List<Difference> differences) {
    Map<String, List<Integer>> versions = new LinkedHashMap<>();
    for (Difference difference : differences) {
      Exchange exchange = difference.exchange();
      String line =
          "%s: %s v%%s (%s) %s  kafka: %s  jangada: %s"
              .formatted(
                  exchange.conversation(),
                  exchange.api(),
                  exchange.label(),
                  difference.path(),
                  text(difference.expected()),
                  text(difference.actual()));
      versions.computeIfAbsent(line, text -> new ArrayList<>()).add(exchange.version());
    }
    List<String> lines = new ArrayList<>();
    versions.forEach(
        (line, in) -> {
          String range =
              in.getFirst().equals(in.getLast())
                  ? in.getFirst().toString()
                  : in.getFirst() + "-" + in.getLast();
          lines.add(line.replaceFirst("v%s", "v" + range));
        });
    return lines;
  }

  private static String text(JsonNode value) {
    return value.isMissingNode() ? "(nothing)" : value.toString();
  }
}
