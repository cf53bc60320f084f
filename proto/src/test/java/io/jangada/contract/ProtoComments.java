// SPDX-License-Identifier: Apache-2.0
package io.jangada.contract;

import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The line comments above what a {@code .proto} file declares, by full name. */
final class ProtoComments {
  private static final Pattern BLOCK =
      Pattern.compile("(message|enum|service|oneof)\\s+(\\w+)\\s*\\{(})?");
  private static final Pattern RPC = Pattern.compile("rpc\\s+(\\w+).*");
  private static final Pattern FIELD =
      Pattern.compile("(?:optional |repeated )?(?:map<[^>]*>|[\\w.]+)\\s+(\\w+)\\s*=\\s*\\d+;");
  private static final Pattern VALUE = Pattern.compile("([A-Z][A-Z0-9_]*)\\s*=\\s*\\d+;");

  /** A oneof is in the way of no name. */
  private static final String NAMELESS = "";

  private final Map<String, String> comments = new HashMap<>();
  private final Deque<String> open = new ArrayDeque<>();
  private final String scope;
  private String comment = "";

  private ProtoComments(String scope) {
    this.scope = scope;
  }

  static Map<String, String> read(FileDescriptor file, Path sources) throws IOException {
    ProtoComments reader = new ProtoComments(file.getPackage());
    for (String line : Files.readAllLines(sources.resolve(file.getName()))) {
      reader.line(line.strip());
    }
    return reader.comments;
  }

  private void line(String line) {
    if (line.startsWith("//")) {
      comment = (comment + " " + line.substring(2).strip()).strip();
      return;
    }
    Matcher block = BLOCK.matcher(line);
    if (block.matches()) {
      put(block.group(2));
      if (block.group(3) == null) {
        open.addLast(block.group(1).equals("oneof") ? NAMELESS : block.group(2));
      }
    } else if (line.equals("}")) {
      open.pollLast();
    } else {
      for (Pattern pattern : new Pattern[] {RPC, FIELD, VALUE}) {
        Matcher matcher = pattern.matcher(line);
        if (matcher.matches()) {
          put(matcher.group(1));
          break;
        }
      }
    }
    comment = "";
  }

  private void put(String name) {
    StringBuilder full = new StringBuilder(scope);
    for (Iterator<String> each = open.iterator(); each.hasNext(); ) {
      String outer = each.next();
      if (!outer.equals(NAMELESS)) {
        full.append('.').append(outer);
      }
    }
    comments.put(full.append('.').append(name).toString(), comment);
  }
}
