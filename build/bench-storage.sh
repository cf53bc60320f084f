#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `make bench-storage` does once the distribution is built. $1 = a directory on the disk to measure, $2 = rounds.
set -e

cd "$(dirname "$0")/.."
java_home=$(build/jdk.sh)
class_path=benchmarks/target/classes
for jar in dist/target/jangada/lib/*.jar; do
  class_path=$class_path:$jar
done
flags=$(cat dist/target/jangada/lib/jvm.flags)
# shellcheck disable=SC2086
exec "$java_home/bin/java" $flags -XX:+UseSerialGC -cp "$class_path" io.jangada.benchmarks.StorageBenchmark \
  "${1:-benchmarks/target/bench-storage}" "${2:-3}"
