// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jangada.chaos.history.Operation.Acknowledged;
import io.jangada.chaos.history.Operation.Outcome;
import io.jangada.chaos.history.Operation.Poll;
import io.jangada.chaos.history.Operation.Read;
import io.jangada.chaos.history.Operation.Reassigned;
import io.jangada.chaos.history.Operation.Refused;
import io.jangada.chaos.history.Operation.Send;
import io.jangada.chaos.history.Operation.Unknown;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A history as JSON lines, an operation each, so that it can be looked at and checked again. */
public final class HistoryFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private HistoryFile() {}

  /** Writes a history, replacing what is there. */
  public static void write(Path file, History history) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(JSON.createObjectNode().put("drain", history.drain()) + "\n");
      for (Operation operation : history.operations()) {
        out.write(line(operation) + "\n");
      }
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException also if it is not of that form
   */
  public static History read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<Operation> operations = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      operations.add(operation(JSON.readTree(line)));
    }
    return new History(operations, JSON.readTree(lines.get(0)).required("drain").asInt());
  }

  private static ObjectNode line(Operation operation) {
    ObjectNode node = JSON.createObjectNode().put("process", operation.process());
    switch (operation) {
      case Send send -> {
        node.put("op", "send").put("partition", send.partition()).put("value", send.value());
        node.put("start", send.startNs()).put("end", send.endNs());
        switch (send.outcome()) {
          case Acknowledged(long offset) -> node.put("acknowledged", offset);
          case Refused(String code) -> node.put("refused", code);
          case Unknown(String code) -> node.put("unknown", code);
        }
      }
      case Poll poll -> {
        ArrayNode reads = node.put("op", "poll").put("end", poll.endNs()).putArray("records");
        for (Read read : poll.records()) {
          reads.addArray().add(read.partition()).add(read.offset()).add(read.value());
        }
      }
      case Reassigned reassigned -> node.put("op", "reassigned");
    }
    return node;
  }

  private static Operation operation(JsonNode node) throws IOException {
    int process = node.required("process").asInt();
    String name = node.required("op").asText();
    return switch (name) {
      case "send" ->
          new Send(
              process,
              node.required("partition").asInt(),
              node.required("value").asLong(),
              node.required("start").asLong(),
              node.required("end").asLong(),
              outcome(node));
      case "poll" -> {
        List<Read> reads = new ArrayList<>();
        for (JsonNode read : node.required("records")) {
          reads.add(new Read(read.get(0).asInt(), read.get(1).asLong(), read.get(2).asLong()));
        }
        yield new Poll(process, node.required("end").asLong(), reads);
      }
      case "reassigned" -> new Reassigned(process);
      default -> throw new IOException("expected send, poll or reassigned, but it is " + name);
    };
  }

  private static Outcome outcome(JsonNode node) throws IOException {
    if (node.has("acknowledged")) {
      return new Acknowledged(node.get("acknowledged").asLong());
    } else if (node.has("refused")) {
      return new Refused(node.get("refused").asText());
    } else if (node.has("unknown")) {
      return new Unknown(node.get("unknown").asText());
    }
    throw new IOException("expected a send with its outcome, but there is none: " + node);
  }
}
