#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compares tests/cli with what the distribution prints; --update writes what it prints instead.
#   build/transcripts.sh [--update] [BEGINNING OF A FILE'S NAME]...

cd "$(dirname "$0")/.." || exit 1
java_home=$(build/jdk.sh) || exit 1
class_path=
for jar in dist/target/jangada/lib/jackson-*.jar; do
  class_path=${class_path:+$class_path:}$jar
done
exec "$java_home/bin/java" -XX:TieredStopAtLevel=1 -cp "$class_path" tests/cli/Transcripts.java "$@"
