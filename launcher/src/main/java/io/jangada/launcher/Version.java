// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import picocli.CommandLine.IVersionProvider;

/** Which Jangada this is. */
public final class Version implements IVersionProvider {
  /** Of this build, from the jar's manifest; {@code development} outside a jar. */
  public static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"jangada " + current()};
  }
}
