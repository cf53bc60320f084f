// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.doctor;

/**
 * What one check found. The names are a contract.
 *
 * @param state ok, warning, or failed
 * @param remedy empty where nothing has to be done
 */
record Finding(String check, State state, String found, String remedy) {
  enum State {
    OK,
    WARNING,
    FAILED,
    SKIPPED
  }

  static Finding ok(String check, String found) {
    return new Finding(check, State.OK, found, "");
  }

  static Finding warning(String check, String found, String remedy) {
    return new Finding(check, State.WARNING, found, remedy);
  }

  static Finding failed(String check, String found, String remedy) {
    return new Finding(check, State.FAILED, found, remedy);
  }

  static Finding skipped(String check, String found) {
    return new Finding(check, State.SKIPPED, found, "");
  }
}
