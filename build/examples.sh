#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What `make examples` does once the distribution is built: installs what is published, builds the examples against
# that alone, and runs each on Java 17 (or the oldest there is) against a local cluster.
set -eu

cd "$(dirname "$0")/.."
# A local repository of its own, which shares everything but io.jangada with the user's: what is installed there is
# all that the examples find of Jangada, and nothing of it stays in ~/.m2.
user=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
repository=$PWD/target/examples/repository
rm -rf "$repository"
mkdir -p "$repository/io" "$user/io"
for group in "$user"/* "$user"/io/*; do
  case ${group#"$user"/} in
  io | io/jangada | '*' | 'io/*') ;;
  *) ln -s "$group" "$repository/${group#"$user"/}" ;;
  esac
done
mvn="mvn -B -ntp -q -Dmaven.repo.local=$repository"
# As `mvn install -pl proto,client -am` does, of what is compiled already.
$mvn -N install:install
$mvn -pl proto,client jar:jar install:install
$mvn -f examples/pom.xml package

java=java
for home in /usr/lib/jvm/*17*; do
  [ -x "$home/bin/java" ] && java=$home/bin/java && break
done
"$java" -version 2>&1 | head -1

home=$(mktemp -d)
export JANGADA_HOME=$home/config
dist/target/jangada/bin/jangada dev -n 3 --free-ports --data "$home/data" >"$home/ready" 2>"$home/log" &
dev=$!
trap 'kill $dev; wait $dev 2>/dev/null || true; rm -rf "$home"' EXIT
until grep -q "jangada topic create" "$home/ready"; do # what to try next, once the brokers serve
  if ! kill -0 $dev 2>/dev/null; then
    cat "$home/log" >&2
    exit 1
  fi
  sleep 0.1
done
bootstrap=$(sed -n 's/.*"grpc" *: *"\([^"]*\)".*/\1/p' "$home/data/cluster.json" | head -1)

example() {
  echo "--- $*"
  "$java" -cp "examples/target/classes:examples/target/lib/*" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
    "io.jangada.examples.$1" "$bootstrap" orders "${@:2}"
}
example AdminExample
example ProducerExample 1000
example ConsumerExample
example ConditionalExample 20
example StreamExample 100
