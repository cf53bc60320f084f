// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lmdbjava.CopyFlags;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;

/**
 * One open LMDB file with its tables. Not thread-safe by itself: {@link #close} with a reader alive
 * would crash the JVM, so that {@link LmdbMetadataStore} keeps them apart.
 */
final class LmdbEnvironment {
  private static final String META = "meta";
  private static final String CHANGES = "changes";
  private static final int MAX_READERS = 1_024;

  private final Env<ByteBuffer> env;
  private final Dbi<ByteBuffer> meta;
  private final Dbi<ByteBuffer> changes;
  private final Map<String, Dbi<ByteBuffer>> tables = new LinkedHashMap<>();

  /**
   * Opens or creates the file. Never WRITEMAP: a stray write could then destroy the store. NOSYNC
   * is what {@link CleanMark} makes safe.
   */
  LmdbEnvironment(Path file, List<String> tableNames, long mapBytes) {
    env =
        Env.create()
            .setMapSize(mapBytes)
            .setMaxDbs(tableNames.size() + 2)
            .setMaxReaders(MAX_READERS)
            .open(file.toFile(), EnvFlags.MDB_NOSUBDIR, EnvFlags.MDB_NOTLS, EnvFlags.MDB_NOSYNC);
    meta = env.openDbi(META, DbiFlags.MDB_CREATE);
    changes = env.openDbi(CHANGES, DbiFlags.MDB_CREATE);
    for (String name : tableNames) {
      tables.put(name, env.openDbi("table." + name, DbiFlags.MDB_CREATE));
    }
  }

  /** Removes a closed environment. */
  static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-lock"));
  }

  Txn<ByteBuffer> read() {
    return env.txnRead();
  }

  Txn<ByteBuffer> write() {
    return env.txnWrite();
  }

  Dbi<ByteBuffer> meta() {
    return meta;
  }

  Dbi<ByteBuffer> changes() {
    return changes;
  }

  Map<String, Dbi<ByteBuffer>> tables() {
    return tables;
  }

  Dbi<ByteBuffer> table(String name) {
    Dbi<ByteBuffer> table = tables.get(name);
    if (table == null) {
      throw new IllegalArgumentException(
          "expected one of the tables " + tables.keySet() + ", but got '" + name + "'");
    }
    return table;
  }

  void copyTo(Path file) {
    env.copy(file.toFile(), CopyFlags.MDB_CP_COMPACT);
  }

  void sync() {
    env.sync(true);
  }

  void close() {
    env.close();
  }
}
