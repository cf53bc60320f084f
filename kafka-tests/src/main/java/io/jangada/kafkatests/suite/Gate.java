// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the outcomes have to be, and the table of those that are not passes. Lines of {@code
 * not-yet.txt} are {@code Class#method | reason} and may only become fewer; lines of {@code
 * reasons.txt} are {@code Class or Class#method | reason} for tests beyond the floor.
 */
final class Gate {
  private final Set<String> floor;
  private final Map<String, String> notYet = new LinkedHashMap<>();
  private final Map<String, String> reasons = new LinkedHashMap<>();

  Gate(Set<String> floor, List<String> notYet, List<String> reasons) {
    this.floor = floor;
    notYet.forEach(line -> put(this.notYet, line));
    reasons.forEach(line -> put(this.reasons, line));
  }

  private static void put(Map<String, String> target, String line) {
    String[] columns = line.split("\\s*\\|\\s*", 2);
    target.put(columns[0].strip(), columns[1].strip());
  }

  /** Tests of the floor that do not pass yet. */
  Set<String> notYet() {
    return notYet.keySet();
  }

  /** What is not as it has to be. */
  List<String> complaints(Map<String, Outcome> outcomes) {
    List<String> complaints = new ArrayList<>();
    for (String test : floor) {
      Outcome outcome = outcomes.get(test);
      boolean passed = outcome != null && outcome.result() == Outcome.Result.PASSED;
      if (!passed && !notYet.containsKey(test)) {
        complaints.add(
            "%s has to pass, but: %s"
                .formatted(test, outcome == null ? "was not run" : outcome.message()));
      } else if (passed && notYet.containsKey(test)) {
        complaints.add(test + " passes: remove it from not-yet.txt");
      } else if (passed && outcome.took().toMillis() == 0) {
        complaints.add(test + " passed in no time: it did nothing");
      }
    }
    for (String test : notYet.keySet()) {
      if (!floor.contains(test)) {
        complaints.add(test + " of not-yet.txt is not in the floor");
      }
    }
    for (Outcome outcome : outcomes.values()) {
      if (outcome.result() != Outcome.Result.PASSED && reason(outcome).isEmpty()) {
        complaints.add(outcome.test() + " has no reason: " + outcome.message());
      }
    }
    return complaints;
  }

  private String reason(Outcome outcome) {
    String test = outcome.test();
    String type = test.substring(0, test.indexOf('#'));
    if (notYet.containsKey(test)) {
      return notYet.getOrDefault(test, "");
    } else if (outcome.message().contains(TestedCluster.INTERNALS)) {
      return TestedCluster.INTERNALS + ", so it can be run against no cluster of other processes";
    }
    return reasons.getOrDefault(test, reasons.getOrDefault(type, ""));
  }

  /** docs/KAFKA-SUITE.md. */
  String document(Map<String, Outcome> outcomes) {
    StringBuilder text =
        new StringBuilder(
            """
            # Kafka's own integration tests

            <!-- Written by make kafka-suite UPDATE=1. -->

            `make kafka-suite` runs the compiled tests of `kafka-clients-integration-tests` 4.3.1, unchanged.
            Each gets brokers with what it asks for: a class that stands in for Kafka's on the class path
            boots Jangada's processes, or hands on those of the test before, once all groups and topics of
            that test are removed; with `ARGS=--fresh` every test gets new ones. %d tests make the floor:
            they pass against any Kafka in other processes. Of these %d have to pass. Tests beyond the floor
            are run with `ARGS=--all`; of some classes it is known why they do not pass:

            | test | why not |
            |---|---|
            """
                .formatted(floor.size(), floor.size() - notYet.size()));
    notYet.forEach((test, reason) -> text.append("| %s | %s |\n".formatted(test, reason)));
    reasons.forEach((test, reason) -> text.append("| %s | %s |\n".formatted(test, reason)));
    for (Outcome outcome : outcomes.values()) {
      String type = outcome.test().substring(0, outcome.test().indexOf('#'));
      if (outcome.result() != Outcome.Result.PASSED
          && !notYet.containsKey(outcome.test())
          && !reasons.containsKey(outcome.test())
          && !reasons.containsKey(type)) {
        text.append("| %s | %s |\n".formatted(outcome.test(), reason(outcome)));
      }
    }
    return text.toString();
  }
}
