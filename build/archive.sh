#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the distribution's class data archives, one for servers and one for all other commands: their classes in the
# form in which this JVM keeps them in memory, so that they start in half the time. A one-node cluster is started and
# used for a moment to learn which classes those are. Without archives everything works, slower.

cd "$(dirname "$0")/.." || exit 1
java_home=$(build/jdk.sh) || exit 1
home=$PWD/dist/target/jangada
jangada=$home/bin/jangada
work=$PWD/dist/target/archive
export JANGADA_JAVA_HOME="$java_home" JANGADA_HOME="$work/home"
port=$((20000 + $$ % 20000))
server=

finish() {
  [ -n "$server" ] && kill -9 "$server" 2>/dev/null
  [ -n "$KEEP" ] || rm -rf "$work"
}
trap finish EXIT

give_up() {
  echo "no class data archives, commands start slower: $1" >&2
  exit 0
}

# Runs a client command and notes its classes.
client() {
  JANGADA_JAVA_CLASS_LIST=$work/client-$1.lst "$jangada" --bootstrap "127.0.0.1:$port" "$@" >>"$work/out.txt" 2>&1
}

# dump KIND FLAGS: an archive of the classes in all lists of that kind.
dump() {
  kind=$1
  shift
  class_path=
  for jar in "$home"/lib/*.jar; do
    class_path=${class_path:+$class_path:}$jar
  done
  # Numbers of classes differ between lists; what custom class loaders brought can't be merged.
  cat "$work/$kind"-*.lst | sed -e '/ source: /d' -e 's/ id: [0-9]*$//' | awk '!seen[$0]++' >"$work/$kind.lst"
  # shellcheck disable=SC2046
  "$java_home/bin/java" $(cat "$home/lib/jvm.flags") "$@" -Xshare:dump -Xlog:disable -Xlog:all=error:stderr \
    "-XX:SharedClassListFile=$work/$kind.lst" "-XX:SharedArchiveFile=$home/lib/$kind.jsa" -cp "$class_path" \
    >/dev/null 2>"$work/dump.txt" || {
    rm -f "$home/lib/$kind.jsa"
    give_up "$(tail -1 "$work/dump.txt")"
  }
}

rm -rf "$work"
rm -f "$home"/lib/*.jsa
mkdir -p "$work"
cat >"$work/jangada.yaml" <<CONFIG
node.id: 1
listeners: {grpc-port: $port, ratis-port: $((port + 1)), http-port: $((port + 2))}
CONFIG

"$jangada" format -c "$work/jangada.yaml" >"$work/out.txt" 2>&1 || give_up "$(tail -1 "$work/out.txt")"
JANGADA_JAVA_CLASS_LIST=$work/server-1.lst "$jangada" server -c "$work/jangada.yaml" >"$work/server.txt" 2>&1 &
server=$!

tries=0
until "$jangada" --bootstrap "127.0.0.1:$port" --timeout 1s topic create archive --if-not-exists >"$work/out.txt" 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -ge 20 ] || ! kill -0 "$server" 2>/dev/null; then
    give_up "$(tail -1 "$work/out.txt")"
  fi
done
client topic describe archive
client topic list -o json
client partition list
client broker list
client quorum status
printf 'one\ntwo\n' | client produce archive
client consume archive -n 1
client version
client context list
kill "$server"
wait "$server"
server=

dump client -XX:TieredStopAtLevel=1
dump server
