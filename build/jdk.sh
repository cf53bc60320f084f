#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the home of a JDK that can build Jangada; where there is none, says in one line what to install.

needs=25

suits() {
  [ -n "$1" ] && [ -x "$1/bin/javac" ] || return 1
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  [ -n "$version" ] && [ "$version" -ge "$needs" ]
}

for home in "$JANGADA_JAVA_HOME" "$JAVA_HOME" /usr/lib/jvm/* /opt/java/* /opt/jdk* /usr/java/* \
  "$HOME"/.jdks/* "$HOME"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
  if suits "$home"; then
    echo "$home"
    exit 0
  fi
done
echo "error: building Jangada needs a JDK of version $needs or newer; install one (https://adoptium.net, or openjdk-$needs-jdk-headless) or set JAVA_HOME to it" >&2
exit 1
