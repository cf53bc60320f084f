// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer.PreferredElected;
import io.jangada.metadata.command.ControllerAnswer.PreferredElectionResult;
import io.jangada.metadata.command.ControllerRequest.ElectPreferred;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.controller.Controller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Elections of preferred leaders in as many requests as it takes, one after the other. Where one
 * fails after others were carried out, what is left is refused with the reason: the answer says
 * what has happened. For one run.
 */
final class PreferredElections {
  private final ControllerRequests requests;
  private final List<TopicIdPartition> partitions;
  private final boolean validateOnly;
  private final List<PreferredElectionResult> results = new ArrayList<>();

  PreferredElections(
      ControllerRequests requests, List<TopicIdPartition> partitions, boolean validateOnly) {
    this.requests = requests;
    this.partitions = List.copyOf(partitions);
    this.validateOnly = validateOnly;
  }

  CompletableFuture<List<PreferredElectionResult>> run() {
    int from = results.size();
    if (from == partitions.size()) {
      return CompletableFuture.completedFuture(List.copyOf(results));
    }
    int to = Math.min(partitions.size(), from + Controller.MAX_PARTITIONS_PER_ENTRY);
    CompletableFuture<List<PreferredElectionResult>> all =
        requests
            .submit(
                new ElectPreferred(partitions.subList(from, to), validateOnly),
                answer -> answer instanceof PreferredElected elected ? elected : null)
            .thenCompose(
                elected -> {
                  results.addAll(elected.results());
                  return run();
                });
    return from == 0 ? all : all.exceptionally(failure -> brokenOff(refusal(failure)));
  }

  private List<PreferredElectionResult> brokenOff(Refusal refusal) {
    List<PreferredElectionResult> all = new ArrayList<>(results);
    int unknown = PartitionRegistration.NO_LEADER;
    for (TopicIdPartition left : partitions.subList(results.size(), partitions.size())) {
      all.add(new PreferredElectionResult(left, unknown, unknown, refusal));
    }
    return all;
  }

  private static Refusal refusal(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof JangadaException typed
        ? new Refusal(typed.code(), String.valueOf(typed.getMessage()), typed.hint())
        : new Refusal(ErrorCode.INTERNAL, "expected an answer, but " + cause);
  }
}
