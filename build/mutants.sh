#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What `make mutants` does: breaks one rule at a time, compiles no more than what that changes, and runs what has to notice.
#   build/mutants.sh [PATCH...]   patches against the tree, chaos-tests/mutants/*.diff if none are given
# The simulation has to notice within SEEDS=n plans (2000), and to hold in the same plan without the patch. Where a patch has a line
# "# test: CLASS[#METHOD] [-Dproperty=value...]", that test of partition-replication has to fail instead, and to succeed without the patch.
# Leaves nothing behind but compiled classes.
set -u

cd "$(dirname "$0")/.." || exit 1
root=$PWD
most=${SEEDS:-2000}
patches=("$@")
[ ${#patches[@]} -gt 0 ] || patches=(chaos-tests/mutants/*.diff)
for patch in "${patches[@]}"; do
  [ -r "$patch" ] || { echo "error: expected a patch file, but cannot read $patch" >&2; exit 2; }
done

java_home=$(build/jdk.sh) || exit 1
class_path=$(build/sim-classes.sh) || exit 1
test_class_path=
if grep -q '^# test: ' "${patches[@]}"; then
  test_class_path=$(build/engine-test-classes.sh) || exit 1
fi

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
declare -A sound_tests

# simulate CLASSES [OPTION...]: the simulation with those classes before the others
simulate() {
  local classes=$1
  shift
  "$java_home/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Djangada.sim.shrink=false "$@" \
    -cp "$classes:$class_path" io.jangada.chaos.sim.Simulation
}

# test_with CLASSES TEST [OPTION...]: a test class with those classes before the others
test_with() {
  local classes=$1 test=$2
  shift 2
  timeout 300 "$java_home/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \
    --add-opens java.base/java.nio=ALL-UNNAMED --add-opens java.base/sun.nio.ch=ALL-UNNAMED "$@" \
    -cp "$classes:$test_class_path" build/RunTest.java "$test"
}

# compile PATCH DIR: what the patch changes, into DIR/classes; prints a line of the table if it cannot
compile() {
  local patch=$1 dir=$2 name changed file
  name=$(basename "$patch" .diff)
  mkdir -p "$dir/classes"
  changed=$(git apply --numstat --recount "$patch" 2>"$dir/log" | cut -f3)
  for file in $changed; do
    mkdir -p "$dir/$(dirname "$file")"
    cp "$file" "$dir/$file" 2>>"$dir/log"
  done
  if [ -z "$changed" ] || ! (cd "$dir" && GIT_CEILING_DIRECTORIES=$work git apply -C1 --recount "$patch") 2>>"$dir/log"; then
    row "$name" "DOES NOT APPLY" "" "" "$patch"
    cat "$dir/log"
    return 1
  fi
  # The list is one of words on purpose.
  # shellcheck disable=SC2086
  if ! (cd "$dir" && "$java_home/bin/javac" -nowarn -proc:none -implicit:none -Xlint:none -encoding UTF-8 -d classes \
    -cp "$class_path" $changed) >"$dir/log" 2>&1; then
    row "$name" "DOES NOT COMPILE" "" "" "$patch"
    cat "$dir/log"
    return 1
  fi
}

# try PATCH: prints one line of the table; fails if the mutant survives
try() {
  local patch name dir test begin=$SECONDS result
  patch=$(realpath "$1")
  name=$(basename "$patch" .diff)
  dir=$work/$name
  mkdir -p "$dir"
  compile "$patch" "$dir" || return 1
  test=$(sed -n 's/^# test: //p' "$patch")
  if [ -n "$test" ]; then
    # shellcheck disable=SC2086
    try_test $test
  else
    try_simulation
  fi
  result=$?
  rm -rf "$dir"
  return $result
}

# The following two see the variables of `try`.
try_test() {
  local code
  test_with "$dir/classes" "$@" >"$dir/log" 2>&1
  code=$?
  if [ "$code" -eq 0 ]; then
    row "$name" "SURVIVES" "" $((SECONDS - begin)) "$(head -1 "$patch")"
    return 1
  fi
  if [ "$code" -ne 1 ] && [ "$code" -ne 124 ]; then
    row "$name" "NO RESULT" "" "" "exit code $code"
    cat "$dir/log"
    return 1
  fi
  if [ -z "${sound_tests[$*]:-}" ]; then
    if ! test_with "$work/none" "$@" >"$dir/log" 2>&1; then
      row "$name" "NOT BY ITSELF" "" $((SECONDS - begin)) "$1 fails without it, too"
      return 1
    fi
    sound_tests[$*]=yes
  fi
  row "$name" "caught by $(basename "${1##*.}" | cut -d'#' -f1)" "" $((SECONDS - begin)) "$(head -1 "$patch")"
}

try_simulation() {
  local code seed plans by
  simulate "$dir/classes" "-Djangada.sim.seeds=$most" >"$dir/log" 2>&1
  code=$?
  if [ "$code" -eq 0 ]; then
    row "$name" "SURVIVES" "$most" $((SECONDS - begin)) "$(head -1 "$patch")"
    return 1
  fi
  plans=$(sed -n 's/^found after \([0-9]*\) plans.*/\1/p' "$dir/log")
  seed=$(sed -n 's/^seed \([0-9]*\) fails.*/\1/p' "$dir/log")
  by=$(sed -n 's/^violated: //p' "$dir/log")
  if [ -z "$plans" ] || [ -z "$seed" ]; then
    row "$name" "NO RESULT" "" "" "exit code $code"
    cat "$dir/log"
    return 1
  fi
  if ! simulate "$work/none" "-Djangada.sim.seed=$seed" >"$dir/log" 2>&1; then
    row "$name" "NOT BY ITSELF" "$plans" $((SECONDS - begin)) "seed $seed fails without it, too: make sim SEED=$seed"
    return 1
  fi
  row "$name" "caught by $by" "$plans" $((SECONDS - begin)) "$(head -1 "$patch")"
}

row() {
  printf '%-42s %-26s %6s %8s  %s\n' "$1" "$2" "$3" "$4" "${5#\# }"
}

row MUTANT RESULT PLANS SECONDS "WHAT IT BREAKS"
survivors=0
for patch in "${patches[@]}"; do
  try "$patch" || survivors=$((survivors + 1))
done
if [ "$survivors" -gt 0 ]; then
  echo "$survivors of ${#patches[@]} mutants not caught"
  exit 1
fi
echo "all ${#patches[@]} mutants caught, in $SECONDS s"
