#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Layout of the Java sources by google-java-format: format.sh write | check (docs/adr/0002).
set -e

cd "$(dirname "$0")/.."
java_home=$(build/jdk.sh)
version=$(sed -n 's/.*<googlejavaformat.version>\(.*\)<.*/\1/p' pom.xml)
jar=target/tools/google-java-format-$version-all-deps.jar
if [ ! -f "$jar" ]; then
  mvn -B -ntp -q -N dependency:copy \
    "-Dartifact=com.google.googlejavaformat:google-java-format:$version:jar:all-deps" \
    -DoutputDirectory=target/tools -Dmdep.useBaseVersion=true
fi

format() {
  find . -name target -prune -o -name '.?*' -type d -prune -o -name '*.java' -print0 |
    xargs -0 "$java_home/bin/java" -XX:+UseSerialGC \
      --add-exports=jdk.compiler/com.sun.tools.javac.api=ALL-UNNAMED \
      --add-exports=jdk.compiler/com.sun.tools.javac.code=ALL-UNNAMED \
      --add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED \
      --add-exports=jdk.compiler/com.sun.tools.javac.parser=ALL-UNNAMED \
      --add-exports=jdk.compiler/com.sun.tools.javac.tree=ALL-UNNAMED \
      --add-exports=jdk.compiler/com.sun.tools.javac.util=ALL-UNNAMED \
      -jar "$jar" "$@"
}

case $1 in
  write) format --replace ;;
  check)
    if ! unformatted=$(format --dry-run --set-exit-if-changed); then
      echo "error: expected google-java-format's layout, but these differ:" >&2
      echo "$unformatted" >&2
      echo "try: make fmt" >&2
      exit 1
    fi
    ;;
  *)
    echo "usage: build/format.sh write|check" >&2
    exit 2
    ;;
esac
