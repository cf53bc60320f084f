// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.topic;

import picocli.CommandLine.Command;

/** {@code jangada topic}. */
@Command(
    name = "topic",
    description = "Topics.",
    subcommands = {
      TopicCreate.class,
      TopicList.class,
      TopicDescribe.class,
      TopicAlter.class,
      TopicDelete.class,
      TopicDeleteRecords.class
    })
public final class TopicCommand {}
