// SPDX-License-Identifier: Apache-2.0
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.PrintWriter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs tests without Maven, for {@code make mutants}: java -cp … build/RunTest.java CLASS[#METHOD]…
 * Ends with 0 if all tests succeed, 1 if one fails, 2 if there are none.
 */
public final class RunTest {
  private RunTest() {}

  public static void main(String[] classes) {
    LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
    for (String each : classes) {
      request.selectors(each.contains("#") ? selectMethod(each) : selectClass(each));
    }
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request.build(), listener);
    TestExecutionSummary summary = listener.getSummary();
    summary.printFailuresTo(new PrintWriter(System.out, true), 10);
    System.out.println(
        summary.getTestsSucceededCount()
            + " tests succeeded, "
            + summary.getTestsFailedCount()
            + " failed");
    boolean fails = summary.getTotalFailureCount() > 0;
    System.exit(fails ? 1 : summary.getTestsSucceededCount() == 0 ? 2 : 0);
  }
}
