// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.groups;

import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.utils.Utils;

/** What a client may do with a group (KIP-430): everything, as long as nobody is authorized. */
final class GroupOperations {
  static final int ALL =
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
}
