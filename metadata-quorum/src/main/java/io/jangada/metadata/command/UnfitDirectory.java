// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import java.util.UUID;

/**
 * A log directory of which a broker says that it cannot be relied on (REPLICATION.md, rule 22).
 *
 * @param directoryId which
 * @param reason for people
 */
public record UnfitDirectory(UUID directoryId, String reason) {}
