// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.chaos.history.Anomaly.Kind;
import io.jangada.chaos.history.Operation.Acknowledged;
import io.jangada.chaos.history.Operation.Outcome;
import io.jangada.chaos.history.Operation.Poll;
import io.jangada.chaos.history.Operation.Read;
import io.jangada.chaos.history.Operation.Reassigned;
import io.jangada.chaos.history.Operation.Refused;
import io.jangada.chaos.history.Operation.Send;
import io.jangada.chaos.history.Operation.Unknown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryCheckerTest {
  private static final int PRODUCER = 0;
  private static final int READER = 1;
  private static final int DRAIN = 9;
  private static final int PARTITION = 0;

  private final List<Operation> operations = new ArrayList<>();
  private long clockNs;

  @Test
  void aGoodHistoryHasNone() {
    acknowledged(100, 0);
    acknowledged(101, 1);
    sent(102, new Unknown("NETWORK_ERROR"));
    sent(103, new Refused("NOT_ENOUGH_REPLICAS"));
    sent(104, new Unknown("REQUEST_TIMED_OUT"));
    acknowledged(105, 3);
    poll(READER, 0, 100, 1, 101);
    poll(READER, 2, 102);
    operations.add(new Reassigned(READER));
    poll(READER, 0, 100);
    poll(DRAIN, 0, 100, 1, 101, 2, 102);
    poll(DRAIN, 3, 105);
    assertThat(anomalies()).isEmpty();
  }

  @Test
  void lost() {
    acknowledged(100, 0);
    acknowledged(101, 1);
    acknowledged(102, 2);
    poll(DRAIN, 0, 100);
    poll(DRAIN, 2, 102);
    assertThat(anomalies()).contains(Kind.LOST);
  }

  @Test
  void lostAlsoWhereItWasOnlyRead() {
    acknowledged(100, 0);
    sent(101, new Unknown("NETWORK_ERROR"));
    acknowledged(102, 1);
    poll(READER, 0, 100, 1, 101);
    poll(DRAIN, 0, 100, 1, 102);
    assertThat(anomalies()).contains(Kind.LOST);
  }

  @Test
  void unseen() {
    acknowledged(100, 0);
    acknowledged(101, 1);
    poll(DRAIN, 0, 100);
    assertThat(anomalies()).containsExactly(Kind.UNSEEN);
  }

  @Test
  void unseenAlsoWhereItsOffsetIsNotKnown() {
    acknowledged(100, Operation.NO_OFFSET);
    assertThat(anomalies()).containsExactly(Kind.UNSEEN);
  }

  @Test
  void duplicate() {
    acknowledged(100, 0);
    poll(DRAIN, 0, 100, 1, 100);
    assertThat(anomalies()).containsExactly(Kind.DUPLICATE);
  }

  @Test
  void inconsistentOffsets() {
    acknowledged(100, 0);
    sent(101, new Unknown("NETWORK_ERROR"));
    poll(READER, 0, 101);
    poll(DRAIN, 0, 100, 1, 101);
    assertThat(anomalies()).contains(Kind.INCONSISTENT_OFFSETS);
  }

  @Test
  void inconsistentOffsetsAlsoBetweenAnAcknowledgementAndARead() {
    acknowledged(100, 0);
    acknowledged(101, 1);
    poll(DRAIN, 0, 101, 1, 100);
    assertThat(anomalies()).contains(Kind.INCONSISTENT_OFFSETS, Kind.DUPLICATE);
  }

  @Test
  void pollSkip() {
    three();
    poll(READER, 0, 100);
    poll(READER, 2, 102);
    assertThat(anomalies()).containsExactly(Kind.POLL_SKIP);
  }

  @Test
  void pollSkipWithinOnePoll() {
    three();
    poll(READER, 0, 100, 2, 102);
    assertThat(anomalies()).containsExactly(Kind.POLL_SKIP);
  }

  @Test
  void aDrainThatDoesNotBeginAtTheBeginning() {
    sent(99, new Unknown("NETWORK_ERROR"));
    acknowledged(101, 1);
    poll(DRAIN, 1, 101);
    assertThat(anomalies()).containsExactly(Kind.POLL_SKIP);
  }

  @Test
  void nonMonotonicPoll() {
    three();
    poll(READER, 0, 100, 1, 101);
    poll(READER, 1, 101, 2, 102);
    assertThat(anomalies()).containsExactly(Kind.NON_MONOTONIC_POLL);
  }

  @Test
  void nonMonotonicSend() {
    operations.add(new Send(PRODUCER, PARTITION, 100, 1, 10, new Acknowledged(1)));
    operations.add(new Send(PRODUCER, PARTITION, 101, 2, 10, new Acknowledged(0)));
    poll(DRAIN, 0, 101, 1, 100);
    assertThat(anomalies()).containsExactly(Kind.NON_MONOTONIC_SEND);
  }

  @Test
  void staleOffset() {
    operations.add(new Send(PRODUCER, PARTITION, 100, 1, 2, new Acknowledged(1)));
    operations.add(new Send(PRODUCER + 5, PARTITION, 101, 3, 4, new Acknowledged(0)));
    poll(DRAIN, 0, 101, 1, 100);
    assertThat(anomalies()).containsExactly(Kind.STALE_OFFSET);
  }

  @Test
  void refusedButRead() {
    sent(100, new Refused("NOT_LEADER"));
    poll(DRAIN, 0, 100);
    assertThat(anomalies()).containsExactly(Kind.REFUSED_BUT_READ);
  }

  @Test
  void invented() {
    poll(DRAIN, 0, 100);
    assertThat(anomalies()).containsExactly(Kind.INVENTED);
  }

  @Test
  void aHistoryIsTheSameAfterItsFile(@TempDir Path directory) throws IOException {
    three();
    sent(103, new Refused("NOT_LEADER"));
    sent(104, new Unknown("NETWORK_ERROR"));
    operations.add(new Reassigned(READER));
    History history = new History(operations, DRAIN);
    Path file = directory.resolve("history.jsonl");
    HistoryFile.write(file, history);
    assertThat(HistoryFile.read(file)).isEqualTo(history);
    Files.writeString(file, "{\"drain\":1}\n{\"process\":1,\"op\":\"swim\"}\n");
    assertThatThrownBy(() -> HistoryFile.read(file)).hasMessageContaining("swim");
  }

  private void three() {
    acknowledged(100, 0);
    acknowledged(101, 1);
    acknowledged(102, 2);
    poll(DRAIN, 0, 100, 1, 101, 2, 102);
  }

  private void acknowledged(long value, long offset) {
    sent(value, new Acknowledged(offset));
  }

  private void sent(long value, Outcome outcome) {
    operations.add(new Send(PRODUCER, PARTITION, value, clockNs++, clockNs++, outcome));
  }

  /** Of offsets and values in turn. */
  private void poll(int process, long... records) {
    List<Read> reads = new ArrayList<>();
    for (int i = 0; i < records.length; i += 2) {
      reads.add(new Read(PARTITION, records[i], records[i + 1]));
    }
    operations.add(new Poll(process, clockNs++, reads));
  }

  private List<Kind> anomalies() {
    return HistoryChecker.check(new History(operations, DRAIN)).stream()
        .map(Anomaly::kind)
        .toList();
  }
}
