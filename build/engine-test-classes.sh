#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the tests of partition-replication and what they test, nothing else being checked, and prints the class path to run them with.
set -e

cd "$(dirname "$0")/.."
build/jdk.sh >/dev/null
mvn -B -ntp -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test-classpath -pl partition-replication -am \
  -Dspotless.check.skip -Denforcer.skip >&2
echo "$PWD/partition-replication/target/test-classes:$PWD/partition-replication/target/classes:$(cat partition-replication/target/test-classpath)"
