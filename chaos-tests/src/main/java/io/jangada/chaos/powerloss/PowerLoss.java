// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.powerloss;

import io.jangada.chaos.lossy.LossyFileSystem;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The program behind {@code make power-loss}: a run with {@code ROUNDS} power losses from {@code
 * SEED} on, then the negative control. Ends with 1 if anything was lost, if the control lost
 * nothing, or if there is no lossy file system to be had. {@code NAMES=strict} makes a name durable
 * only with its directory.
 */
public final class PowerLoss {
  private static final int DEFAULT_ROUNDS = 30;
  private static final int ROUNDS_OF_A_RUN = 6;

  private PowerLoss() {}

  /** Takes its settings from the environment. */
  public static void main(String[] arguments) {
    int exitCode = 1;
    try {
      exitCode = run(System.getenv());
    } catch (Exception e) {
      System.err.println("FAILED: " + e.getMessage());
      e.printStackTrace();
    }
    System.exit(exitCode);
  }

  private static int run(Map<String, String> environment) throws Exception {
    Optional<String> unavailable = LossyFileSystem.unavailable();
    if (unavailable.isPresent()) {
      System.out.println("FAILED: nothing can be proven here: " + unavailable.get());
      return 1;
    }
    int rounds = Integer.parseInt(environment.getOrDefault("ROUNDS", "" + DEFAULT_ROUNDS));
    long seed = Long.parseLong(environment.getOrDefault("SEED", "1"));
    boolean strictNames = environment.getOrDefault("NAMES", "").equals("strict");
    Path directory = Path.of(".jangada", "power-loss").toAbsolutePath();
    boolean held = true;
    long acknowledged = 0;
    for (int done = 0; done < rounds; done += ROUNDS_OF_A_RUN, seed++) {
      int now = Math.min(ROUNDS_OF_A_RUN, rounds - done);
      PowerLossRun.Plan plan = new PowerLossRun.Plan(now, seed, false, seed % 2 == 1, strictNames);
      System.out.println("seed " + seed + (plan.allowDirect() ? "" : ", O_DIRECT refused"));
      PowerLossRun.Result result = new PowerLossRun(plan, directory, System.out).run();
      acknowledged += result.acknowledged();
      result.anomalies().stream().limit(20).forEach(System.out::println);
      result.readErrors().forEach(System.out::println);
      say(
          result.clean(),
          "%,d acknowledged: each is there once, in order, and nothing else"
              .formatted(result.acknowledged()));
      held &= result.clean();
    }
    PowerLossRun.Plan control = PowerLossRun.Plan.control(seed);
    System.out.println("negative control: disks that lie about syncs");
    PowerLossRun.Result lied = new PowerLossRun(control, directory, System.out).run();
    boolean seen = lied.lost() > 0;
    say(seen, "%,d of %,d are lost then".formatted(lied.lost(), lied.acknowledged()));
    System.out.printf(
        "%d power losses, %,d acknowledged; histories: %s%n", rounds, acknowledged, directory);
    return held && seen ? 0 : 1;
  }

  private static void say(boolean holds, String what) {
    System.out.println((holds ? "ok      " : "FAILED  ") + what);
  }
}
