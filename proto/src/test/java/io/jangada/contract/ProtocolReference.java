// SPDX-License-Identifier: Apache-2.0
package io.jangada.contract;

import io.jangada.common.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The reference page of the public protocol, from the {@code .proto} files and the error codes. */
final class ProtocolReference {
  private static final Pattern CODE =
      Pattern.compile("/\\*\\*(.*?)\\*/\\s*([A-Z_]+)\\((?:true|false), ", Pattern.DOTALL);

  private ProtocolReference() {}

  static String markdown(List<ProtocolElement> elements, Path errorCodes) throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # Reference of the gRPC protocol

            <!-- Written by the build from the .proto files and ErrorCode.java: run ProtocolContractTest with -Djangada.docs.update=true. -->

            The package `jangada.v1`, for clients in any language. [PROTOCOL.md](PROTOCOL.md) explains how it is
            meant; a test holds that nothing of it is ever removed, renumbered or changed in type.
            """);
    List<ProtocolElement> ours = elements.stream().filter(ProtocolElement::isPublic).toList();
    page.append("\n## Services\n");
    for (ProtocolElement element : ours) {
      if (element.kind() == ProtocolElement.Kind.SERVICE) {
        page.append("\n### ").append(element.simpleName()).append("\n\n");
        page.append(element.comment()).append("\n\n");
        for (ProtocolElement rpc : inside(ours, element)) {
          page.append("- `").append(rpc.simpleName()).append(signature(rpc)).append("` ");
          page.append(rpc.comment()).append("\n");
        }
      }
    }
    page.append("\n## Messages\n");
    for (ProtocolElement element : ours) {
      if (element.kind() == ProtocolElement.Kind.MESSAGE
          || element.kind() == ProtocolElement.Kind.ENUM) {
        page.append("\n### ").append(element.simpleName()).append("\n\n");
        page.append(element.comment()).append("\n");
        List<ProtocolElement> members = inside(ours, element);
        if (!members.isEmpty()) {
          page.append("\n");
        }
        for (ProtocolElement member : members) {
          if (member.kind() != ProtocolElement.Kind.ONEOF) {
            page.append("- `").append(member.simpleName()).append(signature(member)).append("` ");
            page.append(member.comment()).append("\n");
          }
        }
      }
    }
    page.append("\n## Error codes\n\n");
    page.append("| code | definite | retriable | meaning |\n|---|---|---|---|\n");
    for (String[] code : codes(errorCodes)) {
      ErrorCode known = ErrorCode.valueOf(code[0]);
      page.append("| `").append(code[0]).append("` | ");
      page.append(known.definite() ? "yes" : "no").append(" | ");
      page.append(known.retriable() ? "yes" : "no").append(" | ");
      page.append(code[1]).append(" |\n");
    }
    return page.toString();
  }

  private static List<ProtocolElement> inside(List<ProtocolElement> all, ProtocolElement owner) {
    return all.stream().filter(each -> each.owner().equals(owner.name())).toList();
  }

  /** What stands behind the name in its promise. */
  private static String signature(ProtocolElement element) {
    String promise = element.promise();
    String rest = promise.substring(promise.indexOf(element.name()) + element.name().length());
    return rest.replace("jangada.v1.", "").replaceFirst(" = (\\d+) (.*)", " = $1`: `$2");
  }

  /** Every code with the sentence above it. */
  static List<String[]> codes(Path source) throws IOException {
    List<String[]> codes = new ArrayList<>();
    Matcher matcher = CODE.matcher(Files.readString(source));
    while (matcher.find()) {
      String comment = matcher.group(1);
      int last = comment.lastIndexOf("/**");
      String meaning = last < 0 ? comment : comment.substring(last + 3);
      codes.add(
          new String[] {
            matcher.group(2),
            meaning
                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replaceAll("\\s*\\n\\s*\\*?\\s*", " ")
                .strip()
          });
    }
    return codes;
  }
}
