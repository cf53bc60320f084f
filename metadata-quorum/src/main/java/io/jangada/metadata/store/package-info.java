// SPDX-License-Identifier: Apache-2.0
/**
 * The metadata on disk: tables of opaque rows, the index they reflect and the latest changes, in
 * one transaction. The only package that knows LMDB; everybody else sees {@link
 * io.jangada.metadata.store.MetadataStore}.
 */
@NullMarked
package io.jangada.metadata.store;

import org.jspecify.annotations.NullMarked;
