// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * Prints where the time of the tests went: seconds by module, then the slowest classes. Reads what
 * surefire left in each module's {@code target/surefire-reports}; run with {@code java
 * build/TestTimes.java} in the project's directory.
 */
public final class TestTimes {
  private static final double WORTH_NAMING_SECONDS = 0.5;

  private record Suite(String module, String name, int tests, int bad, double seconds) {}

  public static void main(String[] arguments) throws Exception {
    List<Suite> suites = read(Path.of("").toAbsolutePath());
    Map<String, List<Suite>> modules = new TreeMap<>();
    suites.forEach(
        suite -> modules.computeIfAbsent(suite.module(), name -> new ArrayList<>()).add(suite));
    System.out.printf("%-60s %6s %6s %9s%n", "TESTS", "RUN", "FAILED", "SECONDS");
    modules.forEach((module, ofModule) -> print(module, ofModule));
    print("all", suites);
    System.out.println();
    suites.stream()
        .filter(suite -> suite.seconds() >= WORTH_NAMING_SECONDS)
        .sorted(Comparator.comparingDouble(Suite::seconds).reversed())
        .forEach(suite -> print("  " + suite.name(), List.of(suite)));
  }

  private static void print(String name, List<Suite> suites) {
    System.out.printf(
        Locale.ROOT,
        "%-60s %6d %6d %9.1f%n",
        name,
        suites.stream().mapToInt(Suite::tests).sum(),
        suites.stream().mapToInt(Suite::bad).sum(),
        suites.stream().mapToDouble(Suite::seconds).sum());
  }

  private static List<Suite> read(Path root)
      throws IOException, ParserConfigurationException, SAXException {
    List<Path> reports;
    try (Stream<Path> files = Files.walk(root, 4)) {
      reports =
          files
              .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
              .filter(file -> file.getParent().endsWith(Path.of("target", "surefire-reports")))
              .toList();
    }
    List<Suite> suites = new ArrayList<>();
    for (Path report : reports) {
      Element suite =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(report.toFile())
              .getDocumentElement();
      suites.add(
          new Suite(
              root.relativize(report).getName(0).toString(),
              suite.getAttribute("name"),
              Integer.parseInt(suite.getAttribute("tests")),
              Integer.parseInt(suite.getAttribute("failures"))
                  + Integer.parseInt(suite.getAttribute("errors")),
              Double.parseDouble(suite.getAttribute("time").replace(",", ""))));
    }
    return suites;
  }
}
