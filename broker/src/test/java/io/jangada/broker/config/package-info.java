// SPDX-License-Identifier: Apache-2.0
/** Tests of the configuration: defaults, sources, mistakes, the reference page. */
@NullMarked
package io.jangada.broker.config;

import org.jspecify.annotations.NullMarked;
