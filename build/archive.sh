#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the distribution's AOT caches, which hold classes in the form in which this JVM keeps them in memory and what it
# learnt of their methods (JEP 483, 514, 515): one for servers, one for produce and consume, one for all other commands.
# With them commands start in a third of the time, and a server that was just started compiles half as much. They come
# from watching one of three nodes that comes back after a crash and is used for a moment. Without them everything works,
# slower.

cd "$(dirname "$0")/.." || exit 1
jdk=$(build/jdk.sh) || exit 1
home=$PWD/dist/target/jangada
jangada=$home/bin/jangada
work=$PWD/dist/target/archive
export JANGADA_HOME="$work/home"
[ -x "$home/runtime/bin/java" ] || export JANGADA_JAVA_HOME="$jdk"
port=$((20000 + $$ % 20000))
cluster=c9b4f5a0-6d1e-4a57-9f0e-2d1c8a7b6e5f
# 40 MB in records of 1 kB: enough for the JVM to know which methods matter.
records=40000
servers=
watched=
tries=0
line=$(printf '%01000d' 0)
bootstrap=127.0.0.1:$((port + 10)),127.0.0.1:$((port + 20)),127.0.0.1:$((port + 30))

finish() {
  # shellcheck disable=SC2086
  [ -n "$servers" ] && kill -9 $servers 2>/dev/null
  [ -n "$KEEP" ] || rm -rf "$work"
}
trap finish EXIT

give_up() {
  echo "no archives, commands start slower: $1" >&2
  exit 0
}

# Prepares server $1.
format() {
  base=$((port + 10 * $1))
  mkdir -p "$work/$1"
  cat >"$work/$1/jangada.yaml" <<CONFIG
node.id: $1
quorum.members: 1@127.0.0.1:$((port + 10))/$((port + 11)),2@127.0.0.1:$((port + 20))/$((port + 21)),3@127.0.0.1:$((port + 30))/$((port + 31))
listeners: {grpc-port: $base, ratis-port: $((base + 1)), http-port: $((base + 2))}
kafka.port: $((base + 3))
CONFIG
  "$jangada" format -c "$work/$1/jangada.yaml" --cluster-id "$cluster" >"$work/out.txt" 2>&1 ||
    give_up "$(tail -1 "$work/out.txt")"
}

# Starts server $1, with $2 for its JVM.
start() {
  JANGADA_JAVA_OPTS="$JANGADA_JAVA_OPTS $2" "$jangada" server -c "$work/$1/jangada.yaml" >>"$work/$1/out.txt" 2>&1 &
  servers="$servers $!"
}

# Types the command until it succeeds, or gives up after too many attempts.
attempt() {
  until "$jangada" --bootstrap "$bootstrap" --timeout 1s "$@" >"$work/out.txt" 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -ge 60 ] || ! kill -0 "$watched" 2>/dev/null; then
      give_up "$(tail -1 "$work/out.txt")"
    fi
  done
}

# Creates topic $1 with $2 partitions.
create() {
  attempt topic create "$1" --partitions "$2" --replication-factor 3 --if-not-exists
}

# Produces $2 records of 1 kB to topic $1.
produce() {
  yes "$line" | head -n "$2" | "$jangada" --bootstrap "$bootstrap" produce "$1" >"$work/out.txt" 2>&1
}

rm -rf "$work"
rm -f "$home"/lib/*.aot
mkdir -p "$work"
for picocli in "$home"/lib/picocli-*.jar; do
  cp "$picocli" "$work/picocli.jar"
  class_path=$work/picocli.jar:$(echo "$home"/lib/asm-[0-9]*.jar)
  "$jdk/bin/java" -cp "$class_path" build/LiftClasses.java "$picocli" >"$work/out.txt" 2>&1 || {
    cp "$work/picocli.jar" "$picocli"
    give_up "$(tail -1 "$work/out.txt")"
  }
done
for id in 1 2 3; do
  format "$id"
done
start 2
start 3
start 1
watched=$!
create archive 6
create many 200
produce archive 2000
produce many 2000
# What it is to come back after a crash is to be learnt too, and what it is to lead the quorum and partitions.
kill -9 "$watched"
wait "$watched" 2>/dev/null
start 1 "-XX:AOTCacheOutput=$work/server.aot"
watched=$!
attempt quorum transfer 1
attempt leader elect --preferred
# Makes the cache $1 from the commands in standard input, run in one process with the flags that the command $2 has.
# What the JVM learnt of methods is left out: it would compile by it at the start, more than these commands run.
rehearse() {
  sed "s/^/--bootstrap 127.0.0.1:$((port + 10)) /" >"$work/$1.rehearsal"
  options="-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining"
  options="$options -XX:AOTCacheOutput=$work/$1.aot -Djangada.rehearsal=$work/$1.rehearsal"
  JANGADA_JAVA_OPTS="$JANGADA_JAVA_OPTS $options" "$jangada" "$2" >"$work/$1.txt" 2>&1
  if [ -s "$work/$1.aot" ]; then
    mv "$work/$1.aot" "$home/lib/$1.aot"
  else
    echo "no AOT cache, commands start slower: $(tail -1 "$work/$1.txt")" >&2
  fi
  grep '^exit code' "$work/$1.txt" >&2
}

rehearse stream produce <<COMMANDS
produce archive
produce archive -k key --compression zstd
consume archive -n 1
consume archive -e -o json
consume archive -e -f %t:%p:%o:%k:%h:%d:%v\\n
COMMANDS
# No more than the JVM should take in at each start.
rehearse client version <<COMMANDS
version
context list
topic list
topic list -o json
topic describe archive
topic describe archive -o json
partition list
broker list
config get
quorum status
quorum status -o yaml
topic create another --partitions 1 --dry-run
topic alter archive --config retention.ms=1000000 --dry-run
topic --help
COMMANDS
produce many "$records"
produce archive "$records"
"$jangada" --bootstrap "127.0.0.1:$((port + 10))" consume archive -n "$records" >/dev/null 2>&1
# The JVM writes the cache when it ends.
kill "$watched"
wait "$watched"
if [ -s "$work/server.aot" ]; then
  mv "$work/server.aot" "$home/lib/server.aot"
else
  echo "no AOT cache, servers start slower: $(tail -1 "$work/1/out.txt")" >&2
fi
