// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartupStepsTest {
  private final List<String> trace = new ArrayList<>();
  private final StartupSteps steps = new StartupSteps();

  private interface Resource extends AutoCloseable {
    @Override
    void close();
  }

  @Test
  void closesInReverseAndOnlyOnce() {
    steps.open("a", () -> resource("a"));
    steps.run("b", () -> trace.add("run b"));
    steps.onClose("c", () -> trace.add("close c"));
    steps.open("d", () -> resource("d"));

    steps.close();
    steps.close();

    assertThat(trace).containsExactly("open a", "run b", "open d", "close d", "close c", "close a");
    assertThat(steps.failedToClose()).isEmpty();
  }

  @Test
  void aFailureToCloseIsRememberedAndTheRestIsClosed() {
    steps.open("a", () -> resource("a"));
    steps.onClose(
        "b",
        () -> {
          throw new IOException("disk gone");
        });

    steps.close();

    assertThat(trace).containsExactly("open a", "close a");
    assertThat(steps.failedToClose()).containsExactly("b");
  }

  @Test
  void aCheckedFailureNamesTheStepAndATypedOnePasses() {
    assertThatExceptionOfType(JangadaException.class)
        .isThrownBy(
            () ->
                steps.run(
                    "metadata client",
                    () -> {
                      throw new IOException("disk gone");
                    }))
        .withMessage("could not start metadata client: disk gone");
    JangadaException typed = new JangadaException(ErrorCode.PORT_IN_USE, "taken");
    assertThatExceptionOfType(JangadaException.class)
        .isThrownBy(
            () ->
                steps.run(
                    "ports",
                    () -> {
                      throw typed;
                    }))
        .isSameAs(typed);
  }

  @Test
  void noStepStartsAfterAStopWasRequested() {
    steps.requestStop();

    assertThatExceptionOfType(JangadaException.class)
        .isThrownBy(() -> steps.open("a", () -> resource("a")))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
    assertThat(trace).isEmpty();
  }

  private Resource resource(String name) {
    trace.add("open " + name);
    return () -> trace.add("close " + name);
  }
}
