// SPDX-License-Identifier: Apache-2.0

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Holds the line on size: classes of at most 500 lines, methods of at most 70, constructors of at
 * most 8 parameters. What is larger stands in {@code build/ratchet.txt} with its size, and may only
 * shrink: growing fails the build, and an entry that excuses more than there is gets a note.
 *
 * <p>Run with {@code java build/Ratchet.java} in the project's directory. Records do not count as
 * constructors: their components are data.
 */
public final class Ratchet {
  private static final int MAX_CLASS_LINES = 500;
  private static final int MAX_METHOD_LINES = 70;
  private static final int MAX_CONSTRUCTOR_PARAMETERS = 8;
  private static final Path EXCEPTIONS = Path.of("build", "ratchet.txt");

  private final Map<String, Integer> oversized = new TreeMap<>();

  public static void main(String[] arguments) throws IOException {
    Ratchet ratchet = new Ratchet();
    ratchet.measure(Path.of("").toAbsolutePath());
    List<String> complaints = ratchet.compare(readExceptions());
    complaints.forEach(System.err::println);
    if (!complaints.isEmpty()) {
      System.err.println("try: split it; only what shrinks may stay in " + EXCEPTIONS);
      System.exit(1);
    }
  }

  private static Map<String, Integer> readExceptions() throws IOException {
    Map<String, Integer> exceptions = new TreeMap<>();
    for (String line : Files.readAllLines(EXCEPTIONS)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        int blank = line.lastIndexOf(' ');
        exceptions.put(line.substring(0, blank), Integer.parseInt(line.substring(blank + 1)));
      }
    }
    return exceptions;
  }

  private void measure(Path root) throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.walk(root)) {
      sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> file.toString().contains("/src/"))
              .filter(file -> !file.toString().contains("/target/"))
              .sorted()
              .toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        String name = root.relativize(Path.of(unit.getSourceFile().toUri())).toString();
        unit.accept(new Sizes(name, unit, positions), null);
      }
    }
  }

  private List<String> compare(Map<String, Integer> exceptions) {
    List<String> complaints = new ArrayList<>();
    oversized.forEach(
        (what, size) -> {
          Integer excused = exceptions.get(what);
          if (excused == null) {
            complaints.add("error: too large: " + what + " " + size);
          } else if (size > excused) {
            complaints.add("error: grew from " + excused + " to " + size + ": " + what);
          } else if (size < excused) {
            System.out.println("note: shrank to " + size + ", write that down: " + what);
          }
        });
    for (String what : exceptions.keySet()) {
      if (!oversized.containsKey(what)) {
        System.out.println("note: no longer too large, strike it out: " + what);
      }
    }
    return complaints;
  }

  private final class Sizes extends TreeScanner<Void, Void> {
    private final String file;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Deque<ClassTree> enclosing = new ArrayDeque<>();

    private Sizes(String file, CompilationUnitTree unit, SourcePositions positions) {
      this.file = file;
      this.unit = unit;
      this.positions = positions;
    }

    @Override
    public Void visitClass(ClassTree type, Void ignored) {
      enclosing.push(type);
      check("class " + type.getSimpleName(), lines(type), MAX_CLASS_LINES);
      super.visitClass(type, ignored);
      enclosing.pop();
      return null;
    }

    @Override
    public Void visitMethod(MethodTree method, Void ignored) {
      ClassTree type = enclosing.element();
      String name = type.getSimpleName() + "." + method.getName();
      check("method " + name, lines(method), MAX_METHOD_LINES);
      if (method.getReturnType() == null && type.getKind() != Tree.Kind.RECORD) {
        check("parameters " + name, method.getParameters().size(), MAX_CONSTRUCTOR_PARAMETERS);
      }
      return super.visitMethod(method, ignored);
    }

    private int lines(Tree tree) {
      LineMap map = unit.getLineMap();
      long start = positions.getStartPosition(unit, tree);
      long end = positions.getEndPosition(unit, tree);
      return start < 0 || end < 0
          ? 0
          : (int) (map.getLineNumber(end) - map.getLineNumber(start) + 1);
    }

    private void check(String what, int size, int limit) {
      if (size > limit) {
        oversized.merge(file + " " + what, size, Math::max);
      }
    }
  }
}
