// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

/**
 * What a registered broker may do. A registration begins fenced, with each incarnation:
 *
 * <pre>
 *   registered → FENCED
 *   FENCED → ACTIVE                   it has caught up with the metadata
 *   ACTIVE → SHUTTING_DOWN            it asked for a controlled shutdown
 *   ACTIVE | SHUTTING_DOWN → FENCED   its session ended
 * </pre>
 */
public enum BrokerStatus {
  /** May not lead and may not be in an ISR. */
  FENCED,
  /** In service. */
  ACTIVE,
  /** Serves what it still leads; is not elected and joins no ISR. */
  SHUTTING_DOWN;

  /** Whether that is one of the transitions above. */
  public boolean canBecome(BrokerStatus next) {
    return switch (next) {
      case FENCED -> this != FENCED;
      case ACTIVE -> this == FENCED;
      case SHUTTING_DOWN -> this == ACTIVE;
    };
  }
}
