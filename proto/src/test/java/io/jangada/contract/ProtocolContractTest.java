// SPDX-License-Identifier: Apache-2.0
package io.jangada.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.jangada.api.v1.ConsumeRequest;
import io.jangada.api.v1.CreateTopicsRequest;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.GroupMember;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.common.ErrorCode;
import io.jangada.contract.ProtocolElement.Kind;
import io.jangada.internal.v1.AwaitMetadataRequest;
import io.jangada.internal.v1.MembershipCheckRequest;
import io.jangada.internal.v1.RecordProto;
import io.jangada.internal.v1.ReplicaRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The {@code .proto} files as a contract: they only grow, everything public is explained, and names
 * follow the field's rules (those of Google's style guide and of Buf's lint).
 */
class ProtocolContractTest {
  private static final Path SOURCES = Path.of("src/main/protobuf");
  private static final List<FileDescriptor> FILES =
      List.of(
          CreateTopicsRequest.getDescriptor().getFile(),
          Error.getDescriptor().getFile(),
          ConsumeRequest.getDescriptor().getFile(),
          GroupMember.getDescriptor().getFile(),
          MetadataSnapshot.getDescriptor().getFile(),
          ProduceRequest.getDescriptor().getFile(),
          RecordProto.getDescriptor().getFile(),
          MembershipCheckRequest.getDescriptor().getFile(),
          AwaitMetadataRequest.getDescriptor().getFile(),
          ReplicaRef.getDescriptor().getFile());
  private static final Path PROMISED = Path.of("src/test/resources/protocol-promises.txt");
  private static final Path REFERENCE = Path.of("../docs/PROTOCOL_REFERENCE.md");
  private static final Path ERROR_CODES = Path.of("src/main/java/io/jangada/common/ErrorCode.java");

  /** Run with {@code -Djangada.docs.update=true} to write what was added, and the page. */
  private static final boolean UPDATE = Boolean.getBoolean("jangada.docs.update");

  private final List<ProtocolElement> elements;

  ProtocolContractTest() throws IOException {
    this.elements = Protocol.read(FILES, SOURCES);
  }

  @Test
  void nothingThatWasPromisedIsRemovedRenumberedOrRetyped() throws IOException {
    Set<String> now = new TreeSet<>(elements.stream().map(ProtocolElement::promise).toList());
    List<String> promised = Files.readAllLines(PROMISED);
    assertThat(broken(promised, now)).as("promises that are broken").isEmpty();
    if (UPDATE) {
      Files.write(PROMISED, now);
    }
    assertThat(Files.readAllLines(PROMISED))
        .as("what is promised; write what was added with -Djangada.docs.update=true")
        .containsExactlyElementsOf(now);
  }

  @Test
  void aBrokenPromiseIsFound() {
    List<String> promised =
        List.of("field a.M.x = 1 int32", "field a.M.y = 2 string", "field a.M.z = 3 bytes");
    Set<String> now =
        Set.of("field a.M.x = 1 int64", "field a.M.z = 4 bytes", "field a.M.n = 2 string");
    assertThat(broken(promised, now)).hasSize(3);
    assertThat(broken(promised, Set.copyOf(promised))).isEmpty();
  }

  private static List<String> broken(List<String> promised, Set<String> now) {
    return promised.stream().filter(line -> !now.contains(line)).toList();
  }

  @Test
  void everyFileIsLookedAt() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      assertThat(files.filter(file -> file.toString().endsWith(".proto")))
          .hasSize(FILES.size())
          .allSatisfy(
              file ->
                  assertThat(FILES)
                      .extracting(FileDescriptor::getName)
                      .contains(SOURCES.relativize(file).toString()));
    }
  }

  @Test
  void everythingPublicIsExplained() {
    assertThat(elements.stream().filter(ProtocolElement::isPublic)).hasSizeGreaterThan(200);
    assertThat(
            elements.stream()
                .filter(element -> element.isPublic() && element.comment().isEmpty())
                .map(ProtocolElement::name))
        .as("elements without a comment above them")
        .isEmpty();
  }

  @Test
  void namesFollowTheRules() {
    List<String> problems = new ArrayList<>();
    for (ProtocolElement element : elements) {
      String rule = brokenRule(element);
      if (!rule.isEmpty()) {
        problems.add(element.name() + ": " + rule);
      }
    }
    assertThat(problems).isEmpty();
  }

  private static String brokenRule(ProtocolElement element) {
    String name = element.simpleName();
    return switch (element.kind()) {
      case SERVICE -> name.matches("([A-Z][a-z0-9]*)+Service") ? "" : "expected UpperCamelService";
      case RPC, MESSAGE, ENUM -> name.matches("([A-Z][a-z0-9]*)+") ? "" : "expected UpperCamel";
      case ONEOF, FIELD ->
          name.matches("[a-z][a-z0-9]*(_[a-z0-9]+)*") ? "" : "expected lower_snake";
      case VALUE -> {
        String prefix =
            element
                .owner()
                .substring(element.owner().lastIndexOf('.') + 1)
                .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .toUpperCase(Locale.ROOT);
        boolean zero = element.promise().endsWith("= 0");
        yield !name.startsWith(prefix + "_")
            ? "expected the prefix " + prefix + "_"
            : zero && element.isPublic() && !name.equals(prefix + "_UNSPECIFIED")
                ? "expected 0 to be " + prefix + "_UNSPECIFIED"
                : "";
      }
    };
  }

  @Test
  void callsHaveRequestsOfTheirOwn() {
    assertThat(
            elements.stream()
                .filter(element -> element.isPublic() && element.kind() == Kind.RPC)
                .map(ProtocolElement::promise)
                .filter(promise -> !promise.matches(".*\\(.*Request\\) returns \\(.*\\)")))
        .isEmpty();
  }

  @Test
  void theReferenceIsUpToDateAndHasEveryErrorCode() throws IOException {
    String page = ProtocolReference.markdown(elements, ERROR_CODES);
    if (UPDATE) {
      Files.writeString(REFERENCE, page);
    }
    assertThat(REFERENCE).hasContent(page);
    assertThat(ProtocolReference.codes(ERROR_CODES))
        .extracting(code -> code[0])
        .containsExactlyElementsOf(Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
  }
}
