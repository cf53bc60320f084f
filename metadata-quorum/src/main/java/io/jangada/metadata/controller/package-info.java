// SPDX-License-Identifier: Apache-2.0
/**
 * The policy of the metadata: what to propose for a request, given an image. Pure; two versions may
 * decide differently, since apply arbitrates.
 */
@NullMarked
package io.jangada.metadata.controller;

import org.jspecify.annotations.NullMarked;
