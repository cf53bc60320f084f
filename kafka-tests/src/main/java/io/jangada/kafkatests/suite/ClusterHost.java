// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.suite;

import io.jangada.kafkatests.reference.JangadaUnderTest;
import io.jangada.kafkatests.reference.ReferenceKafka;
import io.jangada.kafkatests.reference.SpokenTo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A process that boots clusters and ends with its standard input. One line asks, one answers:
 * {@code boot BROKERS [SETTING=VALUE]…}, {@code stop CLUSTER BROKER}, {@code start CLUSTER BROKER},
 * {@code close CLUSTER}; {@code ok …} or {@code failed …}. Words are apart by tabs.
 *
 * <p>A cluster that a test has closed is handed to the next one that wants one like it, once all
 * that the test made there is removed; where that cannot be, or brokers were stopped, a new one is
 * booted. With {@code fresh} as an argument each test gets a new one.
 */
public final class ClusterHost {
  private static final String TAB = "\t";

  /** A cluster that waits for a test costs memory. */
  private static final int MAX_IDLE = 2;

  private final boolean reference;
  private final boolean fresh;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Held> clusters = new HashMap<>();
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** The one that was used last is the first. */
  private final Deque<Spare> idle = new ArrayDeque<>();

  /** Clusters in which a broker was stopped. */
  private final Set<String> touched = new HashSet<>();

  private int booted;

  /** A cluster that is being prepared or waits for its test. */
  private record Spare(Plan plan, Future<SpokenTo> cluster) {}

  /** A test's cluster. */
  private record Held(Plan plan, SpokenTo cluster) {}

  private record Plan(int brokers, Map<String, String> settings) {}

  private ClusterHost(Collection<String> arguments) {
    this.reference = arguments.contains("kafka");
    this.fresh = arguments.contains("fresh");
  }

  /** With {@code kafka} as its argument it boots Kafka instead of Jangada. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    ClusterHost host = new ClusterHost(List.of(arguments));
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      answers.println(host.answer(line.split(TAB)));
    }
    host.closeAll();
    System.exit(0);
  }

  private String answer(String[] words) throws InterruptedException {
    try {
      return switch (words[0]) {
        case "boot" -> boot(words);
        case "stop" -> {
          jangada(words[1]).cluster().node(Integer.parseInt(words[2])).stop();
          touched.add(words[1]);
          yield "ok";
        }
        case "start" -> {
          jangada(words[1]).cluster().node(Integer.parseInt(words[2])).start();
          jangada(words[1]).cluster().awaitReady();
          yield "ok";
        }
        case "close" -> {
          release(words[1]);
          yield "ok";
        }
        default -> "failed\tno such command: " + words[0];
      };
    } catch (IOException | ExecutionException | RuntimeException e) {
      return "failed\t" + String.valueOf(e).replaceAll("\\s+", " ");
    }
  }

  private JangadaUnderTest jangada(String handle) {
    Held held = clusters.get(handle);
    if (held != null && held.cluster() instanceof JangadaUnderTest jangada) {
      return jangada;
    }
    throw new IllegalStateException("single brokers of " + handle + " cannot be stopped");
  }

  private String boot(String[] words) throws InterruptedException, ExecutionException {
    Map<String, String> settings = new TreeMap<>();
    for (int i = 2; i < words.length; i++) {
      String[] setting = words[i].split("=", 2);
      settings.put(setting[0], setting[1]);
    }
    Plan plan = new Plan(Integer.parseInt(words[1]), settings);
    Future<SpokenTo> cluster =
        idle.stream()
            .filter(spare -> spare.plan().equals(plan))
            .findFirst()
            .filter(idle::remove)
            .map(Spare::cluster)
            .orElseGet(() -> workers.submit(() -> start(plan)));
    SpokenTo started = cluster.get();
    String handle = "cluster-" + ++booted;
    clusters.put(handle, new Held(plan, started));
    List<String> answer = new ArrayList<>(List.of("ok", handle));
    started.brokers().forEach(broker -> answer.add(Integer.toString(broker.getPort())));
    return String.join(TAB, answer);
  }

  private SpokenTo start(Plan plan) throws IOException, InterruptedException {
    if (reference) {
      return ReferenceKafka.start(plan.brokers(), plan.settings());
    }
    ServerProperties properties = ServerProperties.of(plan.settings());
    properties.leftOut().keySet().stream()
        .filter(told::add)
        .forEach(name -> System.err.println("left out: " + name + ", which Jangada does not have"));
    JangadaUnderTest jangada = JangadaUnderTest.start(plan.brokers(), properties.ofNodes());
    jangada.set(properties.ofCluster());
    return jangada;
  }

  /** Of a test that has ended. */
  private void release(String handle) {
    Held held = clusters.remove(handle);
    if (held == null) {
      return;
    }
    if (fresh || touched.remove(handle)) {
      workers.execute(() -> close(held.cluster()));
      return;
    }
    idle.addFirst(new Spare(held.plan(), workers.submit(() -> cleanOrNew(held))));
    while (idle.size() > MAX_IDLE) {
      Spare unwanted = idle.removeLast();
      workers.execute(() -> discard(unwanted));
    }
  }

  private SpokenTo cleanOrNew(Held held) throws IOException, InterruptedException {
    try {
      Leftovers.remove(
          held.cluster(), ServerProperties.of(held.plan().settings()).ofCluster().keySet());
      return held.cluster();
    } catch (IOException e) {
      System.err.println("a cluster is not handed on: " + e.getMessage());
      held.cluster().close();
      return start(held.plan());
    }
  }

  private static void discard(Spare unwanted) {
    try {
      close(unwanted.cluster().get());
    } catch (ExecutionException e) {
      System.err.println("a cluster was not there to be closed: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(SpokenTo cluster) {
    try {
      cluster.close();
    } catch (IOException e) {
      System.err.println("a cluster did not close: " + e);
    }
  }

  private void closeAll() {
    idle.forEach(spare -> workers.execute(() -> discard(spare)));
    clusters.values().forEach(held -> workers.execute(() -> close(held.cluster())));
    workers.close();
  }

  /** The other end, in the process of the tests. Thread-safe. */
  public static final class Client implements AutoCloseable {
    private final Process process;
    private final Writer out;
    private final BufferedReader in;

    /** Starts a host with its arguments. */
    public Client(Collection<String> arguments) throws IOException {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx256m",
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                  "-Djangada.distribution=" + System.getProperty("jangada.distribution"),
                  "-cp",
                  System.getProperty("java.class.path"),
                  ClusterHost.class.getName()));
      command.addAll(arguments);
      this.process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      this.out = process.outputWriter(StandardCharsets.UTF_8);
      this.in = process.inputReader(StandardCharsets.UTF_8);
    }

    /** A cluster of its own for a test. */
    public Booted boot(int brokers, Map<String, String> settings) throws IOException {
      List<String> words = new ArrayList<>(List.of("boot", Integer.toString(brokers)));
      settings.forEach((name, value) -> words.add(name + "=" + value));
      List<String> answer = call(words.toArray(String[]::new));
      return Booted.of(this, answer.getFirst(), answer.subList(1, answer.size()));
    }

    /** What the host answers after {@code ok}. */
    synchronized List<String> call(String... words) throws IOException {
      out.write(String.join(TAB, words) + System.lineSeparator());
      out.flush();
      String line = in.readLine();
      if (line == null) {
        throw new IOException("the host of the clusters ended");
      }
      List<String> answer = List.of(line.split(TAB));
      if (!answer.getFirst().equals("ok")) {
        throw new IOException(String.join(" ", words) + ": " + line);
      }
      return answer.subList(1, answer.size());
    }

    /** Ends the host and with it every cluster. */
    @Override
    public void close() throws IOException {
      out.close();
      process.onExit().join();
    }
  }
}
