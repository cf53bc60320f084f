#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What `make test` and `make full` do: every check in turn, then a table of where the time went.
#   build/test.sh [MAVEN OPTIONS]
set -u

cd "$(dirname "$0")/.." || exit 1
java_home=$(build/jdk.sh) || exit 1
steps=()
failed=0

step() {
  local name=$1 begin=$SECONDS
  shift
  if [ "$failed" -ne 0 ]; then
    steps+=("$name|skipped|")
    return
  fi
  echo "--- $name"
  if "$@"; then
    steps+=("$name|ok|$((SECONDS - begin))")
  else
    failed=1
    steps+=("$name|FAILED|$((SECONDS - begin))")
  fi
}

find . -path '*/target/surefire-reports/TEST-*.xml' -delete
step "layout of the sources" build/format.sh check
step "sizes of classes and methods" "$java_home/bin/java" build/Ratchet.java
# Two modules at a time: their tests wait more than they work.
step "build and tests" mvn -B -ntp -T 2 verify --fail-at-end "$@"
# A part of it: make transcripts types everything.
step "the command line as it is typed" build/transcripts.sh 10 50

echo
"$java_home/bin/java" build/TestTimes.java
echo
printf '%-60s %6s %9s\n' STEP "" SECONDS
for line in "${steps[@]}"; do
  IFS='|' read -r name result seconds <<<"$line"
  printf '%-60s %6s %9s\n' "$name" "$result" "$seconds"
done
printf '%-60s %6s %9s\n' all "" "$SECONDS"
exit "$failed"
