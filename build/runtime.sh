#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Puts a Java runtime into the distribution, so that it needs no Java on the machine: the modules that its jars use and
# those that operators need (jcmd, agents, JMX). It is linked once for a JDK and a list of modules, and copied after that.

cd "$(dirname "$0")/.." || exit 1
java_home=$(build/jdk.sh) || exit 1
modules=java.base,java.instrument,java.logging,java.management,java.naming,java.xml
modules=$modules,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.unsupported
kept=dist/target/runtime
wanted="$modules $(sed -n 's/^JAVA_RUNTIME_VERSION=//p' "$java_home/release")"

if [ "$(cat "$kept.txt" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$kept"
  "$java_home/bin/jlink" --add-modules "$modules" --no-header-files --no-man-pages --output "$kept" || {
    rm -rf "$kept"
    echo "no bundled runtime, jangada uses the Java it finds: this JDK has no jlink, or no modules to link from" >&2
    exit 0
  }
  echo "$wanted" >"$kept.txt"
fi
rm -rf dist/target/jangada/runtime
cp -a "$kept" dist/target/jangada/runtime
