#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `make power-loss` does once the distribution is built. ROUNDS=n power losses, SEED=n the first seed.
set -e

cd "$(dirname "$0")/.."
java_home=$(build/jdk.sh)
class_path=chaos-tests/target/classes
for jar in dist/target/jangada/lib/*.jar; do
  class_path=$class_path:$jar
done
flags=$(cat dist/target/jangada/lib/jvm.flags)
# shellcheck disable=SC2086
exec "$java_home/bin/java" $flags -XX:+UseSerialGC -Xmx512m \
  "-Djangada.distribution=$PWD/dist/target/jangada" -cp "$class_path" io.jangada.chaos.powerloss.PowerLoss
