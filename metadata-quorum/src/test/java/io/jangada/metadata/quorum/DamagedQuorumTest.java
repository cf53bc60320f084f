// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.JangadaException;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.MetadataCodec;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.liveness.LivenessSettings;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.metadata.store.LmdbMetadataStore;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of a stopped member are damaged at random: it starts with the metadata that was committed,
 * or it says which file it does not start with, and what to do.
 */
@Timeout(400)
class DamagedQuorumTest {
  private static final Logger LOG = LoggerFactory.getLogger(DamagedQuorumTest.class);
  private static final int DAMAGES = Integer.getInteger("jangada.test.quorum-damages", 120);
  private static final int SECTOR = 512;
  private static final QuorumNodeConfig.Sizes SMALL =
      new QuorumNodeConfig.Sizes(
          10, 1_024, new LmdbMetadataStore.Options(1L << 30, 5, "boot"), new RoomLimits(0, 0));

  @TempDir Path directory;

  private final UUID disk = UUID.randomUUID();
  private final QuorumMember member =
      new QuorumMember(1, TestCluster.freeAddress(), TestCluster.freeAddress());
  private Random random = new Random();

  @Test
  void aDamagedMemberStartsWithWhatWasCommittedOrSaysWhyNot() throws Exception {
    Path whole = directory.resolve("whole");
    Path foreign = directory.resolve("foreign");
    List<String> committed = run(whole, "t");
    run(foreign, "f");
    int started = 0;
    for (int seed = 0; seed < DAMAGES; seed++) {
      random = new Random(seed);
      Path copy = directory.resolve("damaged");
      copy(whole, copy);
      String what = damage(copy, foreign);
      String outcome = outcome(copy, committed, "seed " + seed + ": " + what);
      started += outcome.isEmpty() ? 1 : 0;
      delete(copy);
    }
    LOG.warn("{} damages: started with everything after {}", DAMAGES, started);
    assertThat(started).isBetween(1, DAMAGES - 1);
  }

  /** Empty where it started. */
  private String outcome(Path home, List<String> committed, String what) throws Exception {
    QuorumNode node;
    try {
      node = open(home);
    } catch (JangadaException e) {
      return refused(e, home, what);
    }
    try {
      node.start().get(20, TimeUnit.SECONDS);
      TestCluster.await("a controller after " + what, node::isController);
      assertThat(topics(node.image())).as(what).isEqualTo(committed);
      return "";
    } catch (ExecutionException | CompletionException e) {
      assertThat(e.getCause()).as(what).isInstanceOf(JangadaException.class);
      return refused((JangadaException) e.getCause(), home, what);
    } finally {
      node.close();
    }
  }

  private static String refused(JangadaException e, Path home, String what) {
    assertThat(e.getMessage()).as(what).contains(home.toString()).contains(", but ");
    assertThat(e.hint()).as(what).contains("add it again as a new one");
    return e.getMessage();
  }

  private QuorumNode open(Path home) {
    return QuorumNode.open(
        new QuorumNodeConfig(
            TestCluster.CLUSTER_ID,
            1,
            disk,
            home,
            List.of(member),
            LivenessSettings.DEFAULTS,
            SMALL),
        new CollectorRegistry(),
        cause -> LOG.warn("the member ends", cause));
  }

  private static List<String> topics(MetadataImage image) {
    return image.topics().values().stream()
        .map(topic -> topic.id() + " " + topic.name() + " " + topic.configs())
        .sorted()
        .toList();
  }

  private String damage(Path home, Path foreign) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(home)) {
      files =
          all.filter(Files::isRegularFile)
              .filter(file -> !file.toString().endsWith("lock"))
              .sorted()
              .toList();
    }
    Path file = files.get(random.nextInt(files.size()));
    if (file.getParent().equals(home)) {
      // Most of these can be done without, and a start takes a second: half as often.
      file = files.get(random.nextInt(files.size()));
    }
    String name = home.relativize(file).toString();
    byte[] bytes = Files.readAllBytes(file);
    int kind = random.nextInt(6);
    int at = random.nextInt(Math.max(1, bytes.length));
    switch (kind) {
      case 0 -> {
        if (bytes.length > 0) {
          bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(file, bytes);
      }
      case 1 -> {
        int from = at / SECTOR * SECTOR;
        java.util.Arrays.fill(bytes, from, Math.min(bytes.length, from + SECTOR), (byte) 0);
        Files.write(file, bytes);
      }
      case 2 -> Files.write(file, java.util.Arrays.copyOf(bytes, at));
      case 3 -> {
        Path other = files.get(random.nextInt(files.size()));
        byte[] its = Files.readAllBytes(other);
        Files.write(other, bytes);
        Files.write(file, its);
        name += " and " + home.relativize(other);
      }
      case 4 -> {
        Path theirs = foreign.resolve(name);
        Files.copy(
            Files.exists(theirs) ? theirs : foreign.resolve("metadata.mdb"),
            file,
            StandardCopyOption.REPLACE_EXISTING);
      }
      default -> Files.delete(file);
    }
    return List.of("bit flip", "zeroed sector", "cut", "swap", "foreign", "removal").get(kind)
        + " of "
        + name
        + " at "
        + at;
  }

  /** A member of one topic after the other, and then stopped. */
  private List<String> run(Path home, String prefix) throws Exception {
    List<String> topics;
    try (QuorumNode node = open(home)) {
      node.start().get(20, TimeUnit.SECONDS);
      TestCluster.await("a controller", node::isController);
      for (int i = 0; i < 30; i++) {
        create(node, prefix + i);
      }
      topics = topics(node.image());
      assertThat(topics).hasSize(30);
    }
    return topics;
  }

  private static void create(QuorumNode node, String name) throws Exception {
    ConditionalBatch batch =
        new ConditionalBatch(
            node.image().controllerEpoch(),
            List.of(
                new BatchItem(
                    List.of(),
                    List.of(new MetadataRecord.TopicCreated(name, UUID.randomUUID(), Map.of())))));
    var unused =
        node.log()
            .orElseThrow()
            .propose(MetadataCodec.encodeBatch(batch))
            .get(20, TimeUnit.SECONDS);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : new ArrayList<>(all.toList())) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
