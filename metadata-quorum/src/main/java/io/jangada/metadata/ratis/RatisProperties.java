// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * Every setting we depart from, by typed setters only: Ratis ignores unknown keys in silence, and
 * some documented ones are wrong.
 */
final class RatisProperties {
  private RatisProperties() {}

  static RaftProperties of(LogSettings settings) {
    RaftProperties properties = new RaftProperties();
    org.apache.ratis.RaftConfigKeys.Rpc.setType(properties, SupportedRpcType.GRPC);
    // The default is the temporary directory.
    RaftServerConfigKeys.setStorageDir(properties, List.of(settings.directory().toFile()));
    network(properties, HostPort.parse(settings.self().address()));
    elections(properties, settings.alone());
    log(properties, settings.segmentBytes());
    snapshots(properties, settings.snapshotEveryEntries());
    return properties;
  }

  /** Objects that do not fit into properties. */
  static Parameters parameters() {
    Parameters parameters = new Parameters();
    GrpcConfigKeys.Server.setServicesCustomizer(parameters, new MembersOnly());
    return parameters;
  }

  private static void network(RaftProperties properties, HostPort listen) {
    GrpcConfigKeys.Server.setHost(properties, listen.host());
    GrpcConfigKeys.Server.setPort(properties, listen.port());
    // At least 1 MB above the appender's buffer, or Ratis does not start.
    GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("8MB"));
  }

  private static void elections(RaftProperties properties, boolean single) {
    // The defaults of 150/300 ms flap at a cold start.
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(500));
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(1_000));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, millis(200));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, millis(500));
    // An isolated leader gives up well before clients would ask it in vain for long.
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, millis(3_000));
    if (single) {
      // Nobody could take over, so that stepping down after a pause would only add to it.
      RaftServerConfigKeys.setSleepDeviationThreshold(
          properties, TimeDuration.valueOf(1, TimeUnit.HOURS));
      RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(1, TimeUnit.DAYS));
    }
  }

  private static void log(RaftProperties properties, int segmentBytes) {
    // The defaults keep about 200 MB of heap.
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(segmentBytes));
    RaftServerConfigKeys.Log.setPreallocatedSize(
        properties, SizeInBytes.valueOf(Math.min(segmentBytes, 1 << 20)));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("32MB"));
    // The write buffer must exceed the appender's limit, or Ratis does not start.
    RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf("2MB"));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf("1MB"));
    // Never take a damaged log for a shorter one.
    RaftServerConfigKeys.Log.setCorruptionPolicy(
        properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
    // A restarted follower is found again in about 1 s instead of 7.
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "1ms,10,200ms,20,1s,1000");
    // Off would save 0.9 ms a commit, but then followers learn of a commit on an idle log only with
    // the next heartbeat, a quarter of a second later.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, true);
    // It holds rate times expiry entries; a minute of them has filled heaps.
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, millis(10_000));
  }

  private static void snapshots(RaftProperties properties, long everyEntries) {
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, everyEntries);
    RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
    // Else a dead member blocks purging for ever.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, everyEntries);
    if (everyEntries < LogSettings.DEFAULT_SNAPSHOT_EVERY_ENTRIES) {
      RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    }
  }

  private static TimeDuration millis(long ms) {
    return TimeDuration.valueOf(ms, TimeUnit.MILLISECONDS);
  }
}
