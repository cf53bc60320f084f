// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The named clusters of this user: {@code contexts.json} in a directory of their own. Every change
 * replaces the file atomically; of two changes at the same time the later one wins. Not
 * thread-safe.
 */
public final class Contexts {
  private static final String FILE_NAME = "contexts.json";

  private final Path directory;

  /** The contexts in that directory, which need not exist. */
  public Contexts(Path directory) {
    this.directory = directory;
  }

  /** The contexts in {@code $JANGADA_HOME}, else in {@code ~/.config/jangada}. */
  public static Contexts ofUser(Map<String, String> environment) {
    String home = environment.getOrDefault("JANGADA_HOME", "");
    return new Contexts(
        home.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".config", "jangada")
            : Path.of(home));
  }

  /** All contexts by name. */
  public List<ClusterContext> list() {
    return List.copyOf(read().byName.values());
  }

  /** The context of that name, if there is one. */
  public Optional<ClusterContext> find(String name) {
    return Optional.ofNullable(read().byName.get(name));
  }

  /**
   * The context of that name.
   *
   * @throws CommandException {@link ExitCode#NOT_FOUND} if there is none
   */
  public ClusterContext require(String name) {
    return find(name).orElseThrow(() -> unknown(name));
  }

  /** The selected context, if one is. */
  public Optional<ClusterContext> current() {
    Content content = read();
    return Optional.ofNullable(content.byName.get(content.current));
  }

  /** Adds the context or replaces the one of that name. */
  public void save(ClusterContext context) {
    Content content = read();
    content.byName.put(context.name(), context);
    write(content);
  }

  /**
   * Selects a context.
   *
   * @throws CommandException {@link ExitCode#NOT_FOUND} if there is none of that name
   */
  public void select(String name) {
    Content content = read();
    requireKnown(content, name);
    content.current = name;
    write(content);
  }

  /**
   * Removes a context; if it was the selected one, none is selected.
   *
   * @throws CommandException {@link ExitCode#NOT_FOUND} if there is none of that name
   */
  public void remove(String name) {
    Content content = read();
    requireKnown(content, name);
    content.byName.remove(name);
    if (content.current.equals(name)) {
      content.current = "";
    }
    write(content);
  }

  private static void requireKnown(Content content, String name) {
    if (!content.byName.containsKey(name)) {
      throw unknown(name);
    }
  }

  private static CommandException unknown(String name) {
    return new CommandException(
        ExitCode.NOT_FOUND, "there is no context '" + name + "'", "jangada context list");
  }

  private Content read() {
    Path file = directory.resolve(FILE_NAME);
    Content content = new Content();
    if (!Files.exists(file)) {
      return content;
    }
    // Parsed by hand: this is on the way of every command, and binding alone takes tens of
    // milliseconds to load.
    try (JsonParser json = new JsonFactory().createParser(Files.readAllBytes(file))) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("current")) {
          content.current = json.getValueAsString("");
        } else if (field.equals("contexts")) {
          readContexts(json, content);
        } else {
          json.skipChildren();
        }
      }
      return content;
    } catch (JsonProcessingException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "expected JSON in " + file + ", but " + e.getOriginalMessage(),
          "repair or remove the file",
          e);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "cannot read " + file + ": " + e, "check its permissions", e);
    }
  }

  private static void readContexts(JsonParser json, Content content) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      List<String> bootstrap = new ArrayList<>();
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean addresses = json.currentName().equals("bootstrap");
        if (json.nextToken() == JsonToken.START_ARRAY && addresses) {
          while (json.nextToken() == JsonToken.VALUE_STRING) {
            bootstrap.add(json.getText());
          }
        } else {
          json.skipChildren();
        }
      }
      content.byName.put(name, new ClusterContext(name, bootstrap));
    }
  }

  private void write(Content content) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("current", content.current);
    ObjectNode contexts = root.putObject("contexts");
    for (ClusterContext context : content.byName.values()) {
      context.bootstrap().forEach(contexts.putObject(context.name()).putArray("bootstrap")::add);
    }
    try {
      Files.createDirectories(directory);
      Path temporary = Files.createTempFile(directory, FILE_NAME, ".tmp");
      try {
        mapper.writerWithDefaultPrettyPrinter().writeValue(temporary.toFile(), root);
        Files.move(temporary, directory.resolve(FILE_NAME), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "cannot write " + directory.resolve(FILE_NAME) + ": " + e,
          "check its permissions, or set JANGADA_HOME to a directory you can write",
          e);
    }
  }

  private static final class Content {
    private String current = "";
    private final Map<String, ClusterContext> byName = new TreeMap<>();
  }
}
