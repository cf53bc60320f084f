// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import java.util.List;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Utils;

/** What a client may do with a group (KIP-430): everything, as long as nobody is authorized. */
final class GroupOperations {
  private static final int ALL =
      Utils.to32BitField(
          Set.of(
                  AclOperation.READ,
                  AclOperation.DESCRIBE,
                  AclOperation.DELETE,
                  AclOperation.DESCRIBE_CONFIGS,
                  AclOperation.ALTER_CONFIGS)
              .stream()
              .map(AclOperation::code)
              .collect(Collectors.toSet()));

  private GroupOperations() {}

  /** Tells them of each group that could be described, if that was asked for. */
  static <G> List<G> told(
      boolean asked, List<G> described, ToIntFunction<G> errorCode, ObjIntConsumer<G> tell) {
    if (asked) {
      described.stream()
          .filter(group -> errorCode.applyAsInt(group) == Errors.NONE.code())
          .forEach(group -> tell.accept(group, ALL));
    }
    return described;
  }
}
