// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.difference;

import com.fasterxml.jackson.databind.JsonNode;
import io.jangada.kafkatests.conversation.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.protocol.ApiKeys;

/** What all conversations came to, and the document that says so. Not thread-safe. */
final class Compatibility {
  private final Map<String, TreeMap<Integer, Integer>> compared = new TreeMap<>();
  private final Map<String, Set<String>> errors = new TreeMap<>();
  private final Map<String, Integer> meant = new TreeMap<>();
  private final Map<Integer, int[]> advertised = new TreeMap<>();
  private int same;

  /** An exchange that was compared; {@code wrong} are the differences that nothing allows. */
  void add(Exchange exchange, List<Difference> found, List<Difference> wrong) {
    if (!wrong.isEmpty()) {
      return;
    }
    same++;
    compared
        .computeIfAbsent(exchange.api(), api -> new TreeMap<>())
        .merge(exchange.version(), 1, Integer::sum);
    errors.computeIfAbsent(exchange.api(), api -> new TreeSet<>()).addAll(exchange.errors());
    if (!found.isEmpty()) {
      meant.merge(exchange.api(), 1, Integer::sum);
    }
  }

  /** Learns from the other cluster's ApiVersions answers what it advertises. */
  void advertised(Exchange exchange) {
    if (exchange.api().equals(ApiKeys.API_VERSIONS.messageType.name)) {
      for (JsonNode api : exchange.answer().path("apiKeys")) {
        advertised.put(
            api.path("apiKey").asInt(),
            new int[] {api.path("minVersion").asInt(), api.path("maxVersion").asInt()});
      }
    }
  }

  /** Exchanges that are as they should be. */
  int same() {
    return same;
  }

  /** The errors that were compared, by API. */
  Map<String, Set<String>> errorsByApi() {
    return errors;
  }

  /** Advertised versions that no exchange was compared of. */
  List<String> unspoken() {
    List<String> missing = new ArrayList<>();
    advertised.forEach(
        (key, range) -> {
          ApiKeys api = ApiKeys.forId(key);
          for (int version = range[0]; version <= range[1]; version++) {
            TreeMap<Integer, Integer> versions = compared.get(api.messageType.name);
            if (versions == null || !versions.containsKey(version)) {
              missing.add(
                  "%s v%d is advertised, but no exchange in it was found to be right"
                      .formatted(api.messageType.name, version));
            }
          }
        });
    return missing;
  }

  /** docs/KAFKA-COMPATIBILITY.md. */
  String document(List<AllowedDifferences.Line> allowed, List<AllowedDifferences.Line> open) {
    StringBuilder text = new StringBuilder(HEAD);
    text.append("| API | versions | compared exchanges | errors compared |\n|---|---|---|---|\n");
    advertised.forEach(
        (key, range) -> {
          String api = ApiKeys.forId(key).messageType.name;
          int exchanges =
              compared.getOrDefault(api, new TreeMap<>()).values().stream()
                  .mapToInt(Integer::intValue)
                  .sum();
          text.append(
              "| %d %s | %d–%d | %d | %s |\n"
                  .formatted(
                      key,
                      api,
                      range[0],
                      range[1],
                      exchanges,
                      String.join(", ", errors.getOrDefault(api, Set.of()))));
        });
    text.append(DIFFERENCES);
    append(text, allowed);
    if (!open.isEmpty()) {
      text.append(OPEN);
      append(text, open);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, List<AllowedDifferences.Line> lines) {
    text.append("| API | where | value | why |\n|---|---|---|---|\n");
    for (AllowedDifferences.Line line : lines) {
      text.append(
          "| %s | %s | `%s` | %s |\n"
              .formatted(any(line.api()), any(line.about()), line.path(), line.reason()));
    }
  }

  private static String any(String pattern) {
    return pattern.equals("*") ? "any" : pattern;
  }

  private static final String HEAD =
      """
      # Compatibility with Kafka

      <!-- Written by make kafka-diff UPDATE=1 from what was compared. -->

      The reference is Kafka 4.3.1: `make kafka-diff` starts one from its own jars and three brokers of
      Jangada, holds the conversations in `kafka-tests/src/main/resources/conversations` with both, and
      compares every field of every answer. Ids, ports, clocks and the wording of error messages are
      left out; which error it is, is not.

      ## What is served

      An exchange is one request in one version. The errors are those that Kafka answered in
      conversations and that Jangada was found to answer too; `(closed)` is a connection that both close.

      """;

  private static final String OPEN =
      """

      ## What is not right yet

      Differences that are not meant. This list may only become shorter.

      """;

  private static final String DIFFERENCES =
      """

      ## What is different on purpose

      A difference that no line here allows fails `make kafka-diff`, and so does a line that nothing
      needs. `*` stands for any text.

      """;
}
