// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.client.ProducerInterceptor;
import io.jangada.client.ProducerRecord;
import io.jangada.client.SendCallback;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What interceptors made of one record.
 *
 * @param record as it is sent
 * @param completions those who want to hear of its end before the sender does, in their order
 */
record Interceptions(ProducerRecord record, List<SendCallback> completions) {
  private static final Logger LOG = LoggerFactory.getLogger(Interceptions.class);

  /** Shows a record to all of them. */
  static Interceptions of(ProducerRecord record, List<ProducerInterceptor> interceptors) {
    ProducerRecord current = record;
    List<SendCallback> completions = new ArrayList<>(interceptors.size());
    for (ProducerInterceptor interceptor : interceptors) {
      try {
        ProducerInterceptor.Interception answer = interceptor.onSend(current);
        SendCallback completion = answer.completion();
        if (completion != null) {
          completions.add(completion);
        }
        current = answer.record();
      } catch (RuntimeException e) {
        LOG.warn("an interceptor threw; the record goes on as it was", e);
      }
    }
    return new Interceptions(current, completions);
  }

  /** A callback that tells the interceptors first. */
  SendCallback before(SendCallback callback) {
    if (completions.isEmpty()) {
      return callback;
    }
    return (metadata, error) -> {
      for (SendCallback completion : completions) {
        try {
          completion.completed(metadata, error);
        } catch (RuntimeException e) {
          LOG.warn("an interceptor threw at the end of a record", e);
        }
      }
      callback.completed(metadata, error);
    };
  }
}
