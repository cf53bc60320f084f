#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `make sim` does. SEED=n replays one plan and says which; SEEDS=n runs that many of them, from FIRST=n on; TRACE=1 tells
# everything that happens.
set -e

cd "$(dirname "$0")/.."
java_home=$(build/jdk.sh)
class_path=$(build/sim-classes.sh)
exec "$java_home/bin/java" -XX:+UseSerialGC ${SEED:+"-Djangada.sim.seed=$SEED"} ${SEEDS:+"-Djangada.sim.seeds=$SEEDS"} \
  ${FIRST:+"-Djangada.sim.first=$FIRST"} ${TRACE:+-Djangada.sim.trace=true} \
  -cp "$class_path" io.jangada.chaos.sim.Simulation
