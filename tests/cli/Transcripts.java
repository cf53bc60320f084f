// SPDX-License-Identifier: Apache-2.0

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Types the commands of the transcripts (*.txt beside this file) into a shell, with the real binary
 * and one local cluster of three brokers, and compares what is printed. What is different each time
 * (ids, ports, times) is made the same first. What a command prints with {@code -o json} must
 * satisfy its schema in docs/schema, and each schema must be satisfied by some command.
 *
 * <p>In a transcript, lines that begin with {@code $} are typed, the lines behind one are what is
 * printed on both streams, {@code [exit N]} is the exit code unless it is 0, and lines that begin
 * with {@code #} are for people.
 */
final class Transcripts {
  private static final Pattern KAFKA_PORT = Pattern.compile("kafka:\\s+port: (\\d+)");
  private static final int COMMAND_TIMEOUT_S = 60;
  private static final int READY_TIMEOUT_S = 120;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path distribution;
  private final Path transcripts;
  private final Path schemas;
  private final boolean update;
  private final Path work;
  private final Map<String, String> replaced = new LinkedHashMap<>();
  private final Set<String> schemasUsed = new HashSet<>();
  private final List<String> only;
  private int failures;

  private Transcripts(Path repository, boolean update, List<String> only) throws IOException {
    this.only = only;
    this.distribution = repository.resolve("dist/target/jangada");
    this.transcripts = repository.resolve("tests/cli");
    this.schemas = repository.resolve("docs/schema");
    this.update = update;
    this.work = Files.createTempDirectory("jangada-transcripts-");
  }

  public static void main(String[] arguments) throws Exception {
    boolean update = Arrays.asList(arguments).contains("--update");
    List<String> only = Stream.of(arguments).filter(each -> !each.startsWith("-")).toList();
    Transcripts run = new Transcripts(Path.of("").toAbsolutePath(), update, only);
    int exitCode = 1;
    try {
      exitCode = run.all();
    } finally {
      run.remove();
    }
    System.exit(exitCode);
  }

  private int all() throws Exception {
    Path printed = work.resolve("dev.txt");
    Process dev =
        shell("exec jangada --timeout 120s dev -n 3 --free-ports --data " + work.resolve("dev"))
            .redirectOutput(printed.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      awaitReady(dev, printed);
      knowPorts();
      try (Stream<Path> files = Files.list(transcripts)) {
        for (Path file : files.filter(this::wanted).sorted().toList()) {
          transcript(file);
        }
      }
      if (only.isEmpty()) {
        everySchemaIsUsed();
      }
    } finally {
      dev.destroy();
      if (!dev.waitFor(READY_TIMEOUT_S, TimeUnit.SECONDS)) {
        dev.destroyForcibly();
      }
    }
    if (failures > 0) {
      System.out.println(failures + " differences; if they are meant: make transcripts UPDATE=1");
    }
    return failures == 0 ? 0 : 1;
  }

  /** A transcript, and one of those that the arguments name by the beginning of their names. */
  private boolean wanted(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".txt") && (only.isEmpty() || only.stream().anyMatch(name::startsWith));
  }

  private void awaitReady(Process dev, Path printed) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_TIMEOUT_S);
    while (!Files.readString(printed).contains("Ready in")) {
      if (!dev.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("no cluster: " + Files.readString(printed));
      }
      Thread.sleep(50);
    }
  }

  /** What is different in each run: the addresses become the default ones. */
  private void knowPorts() throws IOException {
    JsonNode cluster = JSON.readTree(work.resolve("dev/cluster.json").toFile());
    int base = 7400;
    int kafka = 9092;
    for (JsonNode broker : cluster.path("brokers")) {
      String grpc = broker.path("grpc").asText();
      int port = Integer.parseInt(grpc.substring(grpc.lastIndexOf(':') + 1));
      replaced.put(grpc, "127.0.0.1:" + base);
      replaced.put("127.0.0.1:" + (port + 1), "127.0.0.1:" + (base + 1));
      replaced.put(broker.path("http").asText(), "127.0.0.1:" + (base + 2));
      Path config = work.resolve("dev/broker-" + broker.path("id").asText() + "/jangada.yaml");
      Matcher kafkaPort = KAFKA_PORT.matcher(Files.readString(config));
      if (!kafkaPort.find()) {
        throw new IllegalStateException("expected a port for Kafka clients in " + config);
      }
      replaced.put("127.0.0.1:" + kafkaPort.group(1), "127.0.0.1:" + kafka++);
      base += 10;
    }
    replaced.put(work.toString(), "DIR");
  }

  private void transcript(Path file) throws Exception {
    List<String> lines = Files.readAllLines(file);
    StringBuilder actual = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("$ ")) {
        actual.append(line).append('\n').append(typed(line.substring(2)));
      } else if (line.startsWith("#") || line.isEmpty() && isBetween(lines, i)) {
        actual.append(line).append('\n');
      }
    }
    String expected = String.join("\n", lines) + "\n";
    if (expected.equals(actual.toString())) {
      return;
    }
    if (update) {
      Files.writeString(file, actual);
      System.out.println("updated " + file.getFileName());
      return;
    }
    differ(file, expected.lines().toList(), actual.toString().lines().toList());
  }

  /**
   * Whether an empty line stands before a comment or another command, and so is nobody's output.
   */
  private static boolean isBetween(List<String> lines, int at) {
    return at + 1 < lines.size() && lines.get(at + 1).startsWith("#");
  }

  private void differ(Path file, List<String> expected, List<String> actual) {
    failures++;
    System.out.println(file.getFileName() + ":");
    int at = 0;
    while (at < Math.min(expected.size(), actual.size())
        && expected.get(at).equals(actual.get(at))) {
      at++;
    }
    for (int i = Math.max(0, at - 3); i < at; i++) {
      System.out.println("    " + expected.get(i));
    }
    for (int i = at; i < Math.min(at + 4, expected.size()); i++) {
      System.out.println("  - " + expected.get(i));
    }
    for (int i = at; i < Math.min(at + 4, actual.size()); i++) {
      System.out.println("  + " + actual.get(i));
    }
  }

  private String typed(String command) throws Exception {
    Path output = work.resolve("output.txt");
    Process process =
        shell(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    if (!process.waitFor(COMMAND_TIMEOUT_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return "[no end after " + COMMAND_TIMEOUT_S + " s]\n";
    }
    String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    satisfies(command, text);
    String ended = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    String exit = process.exitValue() == 0 ? "" : "[exit " + process.exitValue() + "]\n";
    return normal(text) + ended + exit;
  }

  private ProcessBuilder shell(String command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("/bin/bash", "-c", command);
    Files.createDirectories(work.resolve("here"));
    builder.directory(work.resolve("here").toFile());
    Map<String, String> environment = builder.environment();
    environment.put(
        "PATH", distribution.resolve("bin") + File.pathSeparator + environment.get("PATH"));
    environment.put("JANGADA_HOME", work.resolve("home").toString());
    environment.put("DEV", work.resolve("dev").toString());
    return builder;
  }

  private String normal(String text) {
    String result = text;
    for (Map.Entry<String, String> each : replaced.entrySet()) {
      result = result.replace(each.getKey(), each.getValue());
    }
    for (String[] each : RULES) {
      result = result.replaceAll(each[0], each[1]);
    }
    return result;
  }

  private static final String[][] RULES = {
    {"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID"},
    {"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "TIME"},
    {"\"(timestamp|durationMs|pid|readyMs|afterMs|leaderlessMs|longestGapMs)\":\\d+", "\"$1\":0"},
    {
      "\"(brokerEpoch|term|controllerEpoch|committedIndex|matchIndex|lastContactMs)\":-?\\d+",
      "\"$1\":0"
    },
    {"\"(leader|leaderBefore|leaderId|partitionEpoch|coordinator)\":\\d+", "\"$1\":1"},
    {"\"(replicas|isr)\":\\[\\d,\\d,\\d\\]", "\"$1\":[1,2,3]"},
    {"\"(acknowledged|duplicated)\":\\d+,\"(lost|partitions)\"", "\"$1\":1,\"$2\""},
    {"[0-9.]+ MB in [0-9.]+ s \\([0-9.]+ MB/s\\)", "N MB in N s (N MB/s)"},
    {
      "[0-9.,]+ MB in [0-9.]+ s: [0-9,]+ records/s, [0-9.]+ MB/s",
      "N MB in N s: N records/s, N MB/s"
    },
    {
      "p50 [0-9.]+  p90 [0-9.]+  p99 [0-9.]+  p99.9 [0-9.]+  max [0-9.]+ ms",
      "p50 N  p90 N  p99 N  p99.9 N  max N ms"
    },
    {"\"(recordsPerSecond|megabytesPerSecond|p50|p90|p99|p999|max)\":[0-9.E-]+", "\"$1\":0"},
    {"jangada-bench-\\d+", "jangada-bench-N"},
    {
      "jangada \\d+\\.\\d+\\.\\d+\\S*, Java \\S+, \\S+ \\S+",
      "jangada VERSION, Java VERSION, SYSTEM"
    },
    {
      "\"version\":\"[^\"]+\",\"java\":\"[^\"]+\",\"system\":\"[^\"]+\"",
      "\"version\":\"V\",\"java\":\"V\",\"system\":\"S\""
    },
    {"\"(index|createdMs)\":\\d+", "\"$1\":0"},
    {"\"records\":\\d+,\"bytes\":\\d+,\"createdMs\"", "\"records\":0,\"bytes\":0,\"createdMs\""},
    {"\\(pid \\d+\\)", "(pid N)"},
    {
      "\"address\":\"127.0.0.1:\\d+\",\"leader\":(true|false)",
      "\"address\":\"127.0.0.1:7401\",\"leader\":true"
    },
    {"\"checks\":\\[.*\\]", "\"checks\":[]"},
    {"\"(leads|follows)\":\\[[^]]*\\]", "\"$1\":[]"},
    {"\\{\"topic\":\"[^\"]+\",\"partition\":\\d+,\"leader\":-?\\d+,\"afterMs\":-?\\d+\\},?", ""},
    {"\\{\"broker\":\\d,\"pid\"", "{\"broker\":1,\"pid\""},
    {"\\b\\d+ ms\\b", "N ms"},
  };

  private void satisfies(String command, String text) throws IOException {
    Matcher json = Pattern.compile(".*\\bjangada\\b(.* -o json.*)").matcher(command);
    if (!json.matches()) {
      return;
    }
    for (String line : text.lines().filter(line -> line.startsWith("{")).toList()) {
      JsonNode answer = JSON.readTree(line);
      String name = answer.has("error") ? "error" : schemaOf(json.group(1));
      Path file = schemas.resolve(name + ".json");
      if (!Files.exists(file)) {
        broken(command, "there is no " + file);
        continue;
      }
      schemasUsed.add(name);
      List<String> problems = new ArrayList<>();
      check(JSON.readTree(file.toFile()), answer, "$", problems);
      problems.forEach(problem -> broken(command, problem));
    }
  }

  private void broken(String command, String problem) {
    failures++;
    System.out.println("schema: " + command + ": " + problem);
  }

  /**
   * The command's words before its first option or argument: those that a schema is named after.
   */
  private String schemaOf(String words) {
    List<String> name = new ArrayList<>();
    for (String word : words.strip().split("\\s+")) {
      String longer = String.join("-", name) + (name.isEmpty() ? "" : "-") + word;
      if (name.size() == 2 || word.startsWith("-")) {
        break;
      }
      if (name.isEmpty() || Files.exists(schemas.resolve(longer + ".json"))) {
        name.add(word);
      }
    }
    return String.join("-", name);
  }

  private void everySchemaIsUsed() throws IOException {
    Set<String> unused = new TreeSet<>();
    try (Stream<Path> files = Files.list(schemas)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".json"))
          .forEach(file -> unused.add(file.substring(0, file.length() - ".json".length())));
    }
    unused.removeAll(schemasUsed);
    if (!unused.isEmpty()) {
      failures++;
      System.out.println("no transcript prints what these schemas describe: " + unused);
    }
  }

  /** What docs/schema uses of JSON Schema: type, properties, required, items, enum, minimum. */
  private static void check(JsonNode schema, JsonNode value, String at, List<String> problems) {
    JsonNode type = schema.path("type");
    if (!type.isMissingNode() && !isOf(type, value)) {
      problems.add(at + " is " + value.getNodeType() + ", not " + type);
      return;
    }
    JsonNode allowed = schema.path("enum");
    if (allowed.isArray() && !contains(allowed, value)) {
      problems.add(at + " is " + value + ", not one of " + allowed);
    }
    if (schema.has("minimum") && value.asDouble() < schema.path("minimum").asDouble()) {
      problems.add(at + " is " + value + ", below " + schema.path("minimum"));
    }
    for (JsonNode required : schema.path("required")) {
      if (!value.has(required.asText())) {
        problems.add(at + "." + required.asText() + " is missing");
      }
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              JsonNode part = value.path(property.getKey());
              if (!part.isMissingNode()) {
                check(property.getValue(), part, at + "." + property.getKey(), problems);
              }
            });
    JsonNode each = schema.path("additionalProperties");
    if (each.isObject()) {
      value.properties().forEach(p -> check(each, p.getValue(), at + "." + p.getKey(), problems));
    }
    if (schema.has("items")) {
      for (int i = 0; i < value.size(); i++) {
        check(schema.path("items"), value.get(i), at + "[" + i + "]", problems);
      }
    }
  }

  private static boolean contains(JsonNode list, JsonNode value) {
    for (JsonNode each : list) {
      if (each.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOf(JsonNode type, JsonNode value) {
    if (type.isArray()) {
      for (JsonNode each : type) {
        if (isOf(each, value)) {
          return true;
        }
      }
      return false;
    }
    return switch (type.asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new IllegalArgumentException("unknown type " + type);
    };
  }

  private void remove() throws IOException {
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
