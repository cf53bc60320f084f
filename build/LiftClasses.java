// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Rewrites the classes of a jar in the format of Java 8, stack maps included. The JVM keeps classes
 * in its cache only from Java 6 on, and picocli's are Java 5's: reading and verifying them would be
 * a third of the time that a command takes to start.
 */
final class LiftClasses {
  private LiftClasses() {}

  public static void main(String[] arguments) throws IOException {
    try (FileSystem jar = FileSystems.newFileSystem(Path.of(arguments[0]));
        Stream<Path> files = Files.walk(jar.getPath("/"))) {
      List<Path> classes =
          files
              .filter(file -> file.toString().endsWith(".class"))
              .filter(file -> !file.endsWith("module-info.class"))
              .toList();
      classes.forEach(LiftClasses::lift);
    }
  }

  private static void lift(Path file) {
    try {
      ClassReader reader = new ClassReader(Files.readAllBytes(file));
      ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
      ClassVisitor lifted =
          new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public void visit(
                int version,
                int access,
                String name,
                String signature,
                String superName,
                String[] interfaces) {
              super.visit(
                  Math.max(version, Opcodes.V1_8), access, name, signature, superName, interfaces);
            }
          };
      reader.accept(lifted, ClassReader.SKIP_FRAMES);
      Files.write(file, writer.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
