// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.utils.Utils;

/** What a client may do, as bits (KIP-430): everything, as long as nobody is authorized. */
public final class AllowedOperations {
  /** On a topic. */
  public static final int ON_TOPIC =
      bits(
          Set.of(
              AclOperation.READ,
              AclOperation.WRITE,
              AclOperation.CREATE,
              AclOperation.DESCRIBE,
              AclOperation.DELETE,
              AclOperation.ALTER,
              AclOperation.DESCRIBE_CONFIGS,
              AclOperation.ALTER_CONFIGS));

  /** On the cluster. */
  public static final int ON_CLUSTER =
      bits(
          Set.of(
              AclOperation.CREATE,
              AclOperation.CLUSTER_ACTION,
              AclOperation.DESCRIBE_CONFIGS,
              AclOperation.ALTER_CONFIGS,
              AclOperation.ALTER,
              AclOperation.IDEMPOTENT_WRITE,
              AclOperation.DESCRIBE));

  private AllowedOperations() {}

  private static int bits(Set<AclOperation> operations) {
    return Utils.to32BitField(
        operations.stream().map(AclOperation::code).collect(Collectors.toSet()));
  }
}
