#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `make bench` does once the distribution is built. $1 = the rows to measure, separated by commas; all if empty.
# $2 = a directory for the brokers' data, on the disk to be measured; the one for temporary files if empty.
set -e

cd "$(dirname "$0")/.."
java_home=$(build/jdk.sh)
class_path=benchmarks/target/classes:chaos-tests/target/classes
for jar in benchmarks/target/lib/*.jar dist/target/jangada/lib/*.jar; do
  class_path=$class_path:$jar
done
flags=$(cat dist/target/jangada/lib/jvm.flags)
# shellcheck disable=SC2086
exec "$java_home/bin/java" $flags -XX:+UseSerialGC -Xmx512m ${2:+"-Djava.io.tmpdir=$2"} \
  "-Djangada.distribution=$PWD/dist/target/jangada" -cp "$class_path" io.jangada.benchmarks.BrokerBenchmark "$1"
