#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What make kafka-diff, kafka-suite and kafka-clients do once the distribution is built.
#   build/kafka.sh CLASS [ARGUMENT]...   runs a program of kafka-tests
#   build/kafka.sh --class-path          prints what it runs with
set -eu

cd "$(dirname "$0")/.."
java_home=$(build/jdk.sh)
list=kafka-tests/target/class-path
if [ ! -f "$list" ] || [ -n "$(find kafka-tests/src kafka-tests/pom.xml pom.xml -newer "$list" -print -quit)" ]; then
  mvn -B -ntp -q -P kafka -pl kafka-tests -am process-classes >&2
  touch "$list"
fi
class_path=kafka-tests/target/classes:$(cat "$list")
if [ "$1" = --class-path ]; then
  echo "$class_path"
  exit 0
fi
exec "$java_home/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx1g -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  --enable-native-access=ALL-UNNAMED \
  "-Djangada.distribution=$PWD/dist/target/jangada" -cp "$class_path" "$@"
