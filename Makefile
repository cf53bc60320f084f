# SPDX-License-Identifier: Apache-2.0
.DEFAULT_GOAL := help
.PHONY: help build run examples test transcripts fmt sim mutants power-loss bench bench-storage kafka-diff kafka-suite kafka-clients kafka-ecosystem full clean

MVN := mvn -B -ntp

help: ## list what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

build: ## the distribution: dist/target/jangada/bin/jangada
	@build/jdk.sh >/dev/null
	$(MVN) -q package -DskipTests
	@echo "built dist/target/jangada: try dist/target/jangada/bin/jangada dev -n 3"

run: build ## three brokers, a real file through them, the leader killed, nothing lost (INPUT=file, ONCE=1)
	@build/run.sh

examples: build ## the example project, built against the published artifacts on Java 17 and run
	@build/examples.sh

test: ## every check of the build, in about 14 minutes on two cores
	@build/test.sh

transcripts: build ## the command line as it is typed, against tests/cli (UPDATE=1 writes what it prints)
	@build/transcripts.sh $(if $(UPDATE),--update)

fmt: ## lay out the sources
	@build/format.sh write
	$(MVN) -q spotless:apply

sim: ## the simulation alone, and what it has gone through (SEEDS=n plans, SEED=n replays one)
	@SEED=$(SEED) SEEDS=$(SEEDS) FIRST=$(FIRST) TRACE=$(TRACE) build/sim.sh

mutants: ## break one rule after the other: does the simulation notice? (PATCH=file.diff tries yours)
	@SEEDS=$(SEEDS) build/mutants.sh $(PATCH)

power-loss: build ## the power of brokers fails under load, on disks that forget what was not synced (ROUNDS=n, SEED=n)
	@build/power-loss.sh

bench: build ## start-up, throughput, cost, partitions and outages on this machine (ROWS=throughput,latency,…, DIR=a directory for the data)
	@build/bench.sh "$(ROWS)" "$(DIR)"

bench-storage: build ## the ways of writing on this machine's disk (DIR=a directory on it, ROUNDS=3)
	@build/bench-storage.sh "$(DIR)" "$(ROUNDS)"

kafka-diff: build ## the same conversations with a real Kafka and with Jangada (ARGS="--self 30-fetch", UPDATE=1 writes the page)
	@build/kafka.sh io.jangada.kafkatests.difference.Compare $(if $(UPDATE),--update) $(ARGS)

kafka-suite: build ## Kafka's own integration tests against Jangada (ARGS="--all --fresh", TESTS=Class#method, UPDATE=1 writes the page)
	@build/kafka.sh io.jangada.kafkatests.suite.Suite $(if $(UPDATE),--update) $(ARGS) $(TESTS)

kafka-clients: build ## kcat, confluent-kafka, kafkajs and Kafka's tools against Jangada
	@build/kafka-clients.sh $(ARGS)

kafka-ecosystem: build ## VerifiableConsumer, Connect, Streams and MirrorMaker on Jangada, brokers and programs killed (ARGS=Streams, INPUT=a text)
	@INPUT="$(INPUT)" build/kafka.sh io.jangada.kafkatests.ecosystem.Ecosystem $(ARGS)

full: ## everything, also what takes longer than make test may
	@build/test.sh -DexcludedGroups= -Djangada.test.quorum-damages=320 -Djangada.test.kafka-frames=1000000

clean: ## remove what was built
	$(MVN) -q clean
