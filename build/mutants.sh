#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What `make mutants` does: breaks one rule at a time in a copy of the sources, and runs the simulation until it notices.
#   build/mutants.sh [PATCH...]   patches against the tree, chaos-tests/mutants/*.diff if none are given
# SEEDS=n is the number of plans within which each has to be caught (2000). Leaves nothing behind but compiled classes.
set -u

cd "$(dirname "$0")/.." || exit 1
root=$PWD
most=${SEEDS:-2000}
modules="partition-replication metadata-quorum chaos-tests"
patches=("$@")
[ ${#patches[@]} -gt 0 ] || patches=(chaos-tests/mutants/*.diff)
for patch in "${patches[@]}"; do
  [ -r "$patch" ] || { echo "error: expected a patch file, but cannot read $patch" >&2; exit 2; }
done

java_home=$(build/jdk.sh) || exit 1
class_path=$(build/sim-classes.sh) || exit 1

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# run CLASSES [OPTION...]: the simulation with those classes before the others
run() {
  local classes=$1
  shift
  "$java_home/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Djangada.sim.shrink=false "$@" \
    -cp "$classes:$class_path" io.jangada.chaos.sim.Simulation
}

# try PATCH: prints one line of the table; fails if the mutant survives
try() {
  local patch=$1 name dir begin=$SECONDS code seed plans by
  name=$(basename "$patch" .diff)
  dir=$work/$name
  mkdir -p "$dir/classes"
  for module in $modules; do
    mkdir -p "$dir/$module/src/main"
    cp -R "$module/src/main/java" "$dir/$module/src/main/"
  done
  if ! (cd "$dir" && GIT_CEILING_DIRECTORIES=$work git apply -C1 --recount "$(realpath "$root/$patch" 2>/dev/null || echo "$patch")") 2>"$dir/log"; then
    row "$name" "DOES NOT APPLY" "" "" "$patch"
    cat "$dir/log"
    return 1
  fi
  if ! "$java_home/bin/javac" -nowarn -proc:none -Xprefer:source -Xlint:none -encoding UTF-8 -d "$dir/classes" \
    -cp "$class_path" -sourcepath "$dir/partition-replication/src/main/java:$dir/metadata-quorum/src/main/java:$dir/chaos-tests/src/main/java" \
    "$dir/chaos-tests/src/main/java/io/jangada/chaos/sim/Simulation.java" >"$dir/log" 2>&1; then
    row "$name" "DOES NOT COMPILE" "" "" "$patch"
    cat "$dir/log"
    return 1
  fi
  run "$dir/classes" "-Djangada.sim.seeds=$most" >"$dir/log" 2>&1
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
  if ! run "$work/none" "-Djangada.sim.seed=$seed" >"$dir/log" 2>&1; then
    row "$name" "NOT BY ITSELF" "$plans" $((SECONDS - begin)) "seed $seed fails without it, too: make sim SEED=$seed"
    return 1
  fi
  row "$name" "caught by $by" "$plans" $((SECONDS - begin)) "$(head -1 "$patch")"
  rm -rf "$dir"
}

row() {
  printf '%-42s %-24s %6s %8s  %s\n' "$1" "$2" "$3" "$4" "${5#\# }"
}

row MUTANT RESULT PLANS SECONDS "WHAT IT BREAKS"
survivors=0
for patch in "${patches[@]}"; do
  try "$patch" || survivors=$((survivors + 1))
done
if [ "$survivors" -gt 0 ]; then
  echo "$survivors of ${#patches[@]} mutants not caught within $most plans"
  exit 1
fi
echo "all ${#patches[@]} mutants caught, in $SECONDS s"
