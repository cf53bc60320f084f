// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.jangada.internal.v1.LeaderMessage;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A {@link LeaderMessage} whose batches are kept apart, so that they are not copied into it.
 *
 * @param head the message without its batches
 * @param batches the batches' bytes, one after the other; to be read only
 * @param batchBytes of all of them
 */
record LeaderFrame(LeaderMessage head, List<ByteBuffer> batches, int batchBytes) {}
