// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.conversation;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;

/** One statement of a conversation; {@link Script} tells how each is written. */
sealed interface Step {
  /**
   * A topic for the conversation, known to every broker before the next step.
   *
   * @param assignment the replicas of each partition, leader first
   */
  record Create(String topic, List<List<Integer>> assignment, Map<String, String> configs)
      implements Step {}

  /**
   * A request, once in each of some versions.
   *
   * @param label says what it is about, and names its answers in reports
   */
  record Send(int broker, ApiKeys api, short from, short to, String label, JsonNode fields)
      implements Step {}

  /**
   * A frame as bytes.
   *
   * @param api as what to read the answer
   * @param version of the answer
   */
  record Raw(int broker, ApiKeys api, short version, String label, ByteBuffer frame)
      implements Step {}

  /** Asks again and again, until what the pointer names in the answer has that value. */
  record Await(Send send, JsonPointer pointer, JsonNode value) implements Step {}

  /** Remembers a value of the last answer. */
  record Let(String name, JsonPointer pointer) implements Step {}

  /** Closes the connections; the next requests open new ones. */
  record Reconnect() implements Step {}
}
