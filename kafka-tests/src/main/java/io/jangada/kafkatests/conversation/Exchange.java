// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;

/**
 * A request and what was answered.
 *
 * @param conversation the script's name
 * @param label what the request was about
 * @param request as it was sent, variables filled in
 * @param answer without what differs between any two clusters: ids, clocks, ports
 */
public record Exchange(
    String conversation, String label, String api, int version, JsonNode request, JsonNode answer) {

  /** What reports call it. */
  public String title() {
    return "%s: %s v%d%s"
        .formatted(conversation, api, version, label.isEmpty() ? "" : " (" + label + ")");
  }

  /** The errors that the answer has, by Kafka's names; a closed connection is {@code (closed)}. */
  public Set<String> errors() {
    Set<String> errors = new TreeSet<>();
    answer.findValuesAsText("errorCode").forEach(errors::add);
    answer.findValuesAsText(Normaliser.CLOSED).forEach(closed -> errors.add("(closed)"));
    errors.remove("NONE");
    return errors;
  }
}
