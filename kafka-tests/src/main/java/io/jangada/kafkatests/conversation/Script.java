// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.conversation;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A conversation, read from its text. A statement starts at the beginning of a line; indented lines
 * continue it; {@code #} starts a comment line.
 *
 * <pre>{@code
 * create data 1,2/2,1 cleanup.policy=compact    one topic; a partition per slash, leaders first
 * send Metadata 0-13 (a known topic) {topics: [{name: 'data'}]}
 * send@2 Fetch 4-18 (not the leader) {...}      to broker 2; without @ to broker 1
 * let pid /producerId                           of the last answer; '$pid', '$pid+1' from now on
 * await DescribeConfigs 4 {...} /results/0/errorCode = 0
 * raw ApiVersions 0 (from the future) 0012 7fff 00000001 ffff
 * reconnect
 * }</pre>
 *
 * <p>The id of a created topic is a variable of its name: {@code topicId: '$data'}.
 *
 * @param name of the file, without its ending
 */
public record Script(String name, List<Step> steps) {
  private static final String ENDING = ".conversation";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();
  private static final Pattern REQUEST =
      Pattern.compile(
          "(?:@(\\d+))?\\s+(\\w+)\\s+(\\d+)(?:-(\\d+))?\\s*(?:\\(([^)]*)\\))?\\s*(.*)",
          Pattern.DOTALL);
  private static final Pattern AWAITED =
      Pattern.compile("(.*\\})\\s*(/\\S+)\\s*=\\s*(.+)", Pattern.DOTALL);

  /** A copy of the steps is kept. */
  public Script {
    steps = List.copyOf(steps);
  }

  /** All conversations of a directory, in the order of their names. */
  public static List<Script> readAll(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(directory)) {
      files = list.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    }
    List<Script> scripts = new ArrayList<>();
    for (Path file : files) {
      String name = file.getFileName().toString();
      scripts.add(
          parse(name.substring(0, name.length() - ENDING.length()), Files.readString(file)));
    }
    return scripts;
  }

  /** Reads one. */
  static Script parse(String name, String text) {
    List<Step> steps = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    for (String line : (text + "\nend").lines().toList()) {
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      if (!Character.isWhitespace(line.charAt(0)) && !statement.isEmpty()) {
        steps.add(step(name, statement.toString()));
        statement.setLength(0);
      }
      statement.append(line).append('\n');
    }
    return new Script(name, steps);
  }

  private static Step step(String name, String statement) {
    String text = statement.strip();
    String verb = text.split("[\\s@]", 2)[0];
    String rest = text.substring(verb.length());
    try {
      return switch (verb) {
        case "create" -> create(rest.strip());
        case "send" -> send(rest);
        case "raw" -> raw(rest);
        case "await" -> await(rest);
        case "let" -> let(rest.strip());
        case "reconnect" -> new Step.Reconnect();
        default -> throw new IllegalArgumentException("no statement: " + verb);
      };
    } catch (IllegalArgumentException | JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s: cannot read%n%s%n%s".formatted(name, statement, e.getMessage()), e);
    }
  }

  private static Step.Create create(String text) {
    String[] words = text.split("\\s+");
    List<List<Integer>> assignment =
        Arrays.stream(words[1].split("/"))
            .map(ids -> Arrays.stream(ids.split(",")).map(Integer::valueOf).toList())
            .toList();
    Map<String, String> configs = new TreeMap<>();
    // The times of records are years ago: when either side next deletes them must not matter.
    configs.put("retention.ms", "-1");
    for (int i = 2; i < words.length; i++) {
      String[] pair = words[i].split("=", 2);
      configs.put(pair[0], pair[1]);
    }
    return new Step.Create(words[0], assignment, configs);
  }

  private static Step.Send send(String text) throws JsonProcessingException {
    Matcher matcher = request(text);
    short from = Short.parseShort(matcher.group(3));
    return new Step.Send(
        broker(matcher),
        api(matcher.group(2)),
        from,
        matcher.group(4) == null ? from : Short.parseShort(matcher.group(4)),
        label(matcher),
        JSON.readTree(matcher.group(6)));
  }

  private static Step.Raw raw(String text) {
    Matcher matcher = request(text);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String word : matcher.group(6).split("\\s+")) {
      bytes.writeBytes(
          word.startsWith("'")
              ? word.substring(1, word.length() - 1).getBytes(StandardCharsets.UTF_8)
              : HexFormat.of().parseHex(word));
    }
    return new Step.Raw(
        broker(matcher),
        api(matcher.group(2)),
        Short.parseShort(matcher.group(3)),
        label(matcher),
        ByteBuffer.wrap(bytes.toByteArray()));
  }

  private static Step.Await await(String text) throws JsonProcessingException {
    Matcher matcher = AWAITED.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected a request, a pointer, = and a value");
    }
    return new Step.Await(
        send(matcher.group(1)),
        JsonPointer.compile(matcher.group(2)),
        JSON.readTree(matcher.group(3)));
  }

  private static Step.Let let(String text) {
    String[] words = text.split("\\s+");
    return new Step.Let(words[0], JsonPointer.compile(words[1]));
  }

  private static Matcher request(String text) {
    Matcher matcher = REQUEST.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("expected [@BROKER] API VERSIONS [(LABEL)] REQUEST");
    }
    return matcher;
  }

  private static int broker(Matcher matcher) {
    return matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
  }

  private static String label(Matcher matcher) {
    return matcher.group(5) == null ? "" : matcher.group(5).strip();
  }

  private static ApiKeys api(String name) {
    return Arrays.stream(ApiKeys.values())
        .filter(api -> api.messageType.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no API: " + name));
  }
}
