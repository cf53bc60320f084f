#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the simulation and what it simulates, nothing else being checked, and prints the class path to run it with.
set -e

cd "$(dirname "$0")/.."
build/jdk.sh >/dev/null
mvn -B -ntp -q compile dependency:build-classpath -Dmdep.outputFile=target/classpath -pl chaos-tests -am \
  -Dspotless.check.skip -Denforcer.skip >&2
echo "$PWD/chaos-tests/target/classes:$(cat chaos-tests/target/classpath)"
