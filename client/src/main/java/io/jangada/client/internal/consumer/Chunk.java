// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.consumer;

import io.jangada.record.RecordBatch;
import java.util.Iterator;

/**
 * What one response brought.
 *
 * @param stream it came on, which gets the credit back
 * @param creditBytes what it used up
 * @param batches those that were not read yet
 */
record Chunk(FetchStream stream, int creditBytes, Iterator<RecordBatch> batches) {}
