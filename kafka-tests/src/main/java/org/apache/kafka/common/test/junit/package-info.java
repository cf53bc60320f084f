// SPDX-License-Identifier: Apache-2.0
/** Stands in for Kafka's class of the same name, so that its tests boot Jangada. */
@NullMarked
package org.apache.kafka.common.test.junit;

import org.jspecify.annotations.NullMarked;
