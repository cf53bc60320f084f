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
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Rewrites the classes of a jar in the format of Java 8, stack maps included. The JVM keeps classes
 * in its cache only from Java 6 on, and picocli's are Java 5's: reading and verifying them would be
 * a third of the time that a command takes to start.
 *
 * <p>Beside that, picocli is spared to look at the methods of Object and for commands that are
 * methods (there are none): the JVM would make a class of each kind of annotation that it meets.
 */
final class LiftClasses {
  private static final String MEMBERS = "initFromAnnotatedMembers";
  private static final String MEMBERS_OF_CLASS =
      "(Lpicocli/CommandLine$Model$IScope;Ljava/lang/Class;";
  private static final String METHOD_COMMANDS = "initMethodSubcommands";

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

            @Override
            public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] thrown) {
              MethodVisitor method = super.visitMethod(access, name, descriptor, signature, thrown);
              if (name.equals(MEMBERS) && descriptor.startsWith(MEMBERS_OF_CLASS)) {
                returnFalseForObject(method);
              }
              if (name.equals(METHOD_COMMANDS)) {
                method.visitInsn(Opcodes.RETURN);
              }
              return method;
            }
          };
      reader.accept(lifted, ClassReader.SKIP_FRAMES);
      Files.write(file, writer.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void returnFalseForObject(MethodVisitor method) {
    Label others = new Label();
    method.visitVarInsn(Opcodes.ALOAD, 1);
    method.visitLdcInsn(Type.getObjectType("java/lang/Object"));
    method.visitJumpInsn(Opcodes.IF_ACMPNE, others);
    method.visitInsn(Opcodes.ICONST_0);
    method.visitInsn(Opcodes.IRETURN);
    method.visitLabel(others);
  }
}
