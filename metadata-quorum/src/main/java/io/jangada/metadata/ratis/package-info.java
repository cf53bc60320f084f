// SPDX-License-Identifier: Apache-2.0
/**
 * The replicated log of the metadata, on Apache Ratis. The only package that knows Ratis; everybody
 * else sees {@link io.jangada.metadata.ratis.MetadataLog} and implements {@link
 * io.jangada.metadata.ratis.ReplicatedState}.
 */
@NullMarked
package io.jangada.metadata.ratis;

import org.jspecify.annotations.NullMarked;
