#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What make kafka-clients does once the distribution is built: fetches kafkajs where npm can, then runs every client
# that is installed. kcat and python3-confluent-kafka are Debian's; .ci/run installs them.
set -u

cd "$(dirname "$0")/.." || exit 1
kafkajs=2.2.4
if [ ! -d target/kafka-clients/node_modules/kafkajs ]; then
  mkdir -p target/kafka-clients
  if ! command -v npm >/dev/null; then
    echo "left out: kafkajs needs npm, which is not installed" >&2
  elif ! npm install --prefix target/kafka-clients --no-save --no-package-lock --silent "kafkajs@$kafkajs" >&2; then
    echo "left out: npm could not install kafkajs $kafkajs" >&2
  fi
fi
exec build/kafka.sh io.jangada.kafkatests.clients.ForeignClients "$@"
