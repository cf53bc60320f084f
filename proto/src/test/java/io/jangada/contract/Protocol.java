// SPDX-License-Identifier: Apache-2.0
package io.jangada.contract;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.jangada.contract.ProtocolElement.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Everything that .proto files declare, in their order. */
final class Protocol {
  private final List<ProtocolElement> elements = new ArrayList<>();
  private final Map<String, String> comments = new HashMap<>();

  private Protocol() {}

  /**
   * What files declare.
   *
   * @param sources the directory that their paths start at; comments are read there, since
   *     descriptors in classes have none
   */
  static List<ProtocolElement> read(List<FileDescriptor> files, Path sources) throws IOException {
    Protocol protocol = new Protocol();
    for (FileDescriptor file : files) {
      protocol.comments.putAll(ProtoComments.read(file, sources));
    }
    files.forEach(file -> protocol.add(file.toProto()));
    return protocol.elements;
  }

  private void add(FileDescriptorProto file) {
    String scope = file.getPackage() + ".";
    for (int i = 0; i < file.getServiceCount(); i++) {
      add(file.getService(i), scope);
    }
    for (int i = 0; i < file.getMessageTypeCount(); i++) {
      add(file.getMessageType(i), scope);
    }
    for (int i = 0; i < file.getEnumTypeCount(); i++) {
      add(file.getEnumType(i), scope);
    }
  }

  private void add(ServiceDescriptorProto service, String scope) {
    String name = scope + service.getName();
    put(Kind.SERVICE, name, "");
    for (int i = 0; i < service.getMethodCount(); i++) {
      MethodDescriptorProto method = service.getMethod(i);
      put(
          Kind.RPC,
          name + "." + method.getName(),
          "("
              + (method.getClientStreaming() ? "stream " : "")
              + type(method.getInputType())
              + ") returns ("
              + (method.getServerStreaming() ? "stream " : "")
              + type(method.getOutputType())
              + ")");
    }
  }

  private void add(DescriptorProto message, String scope) {
    String name = scope + message.getName();
    put(Kind.MESSAGE, name, "");
    for (int i = 0; i < message.getOneofDeclCount(); i++) {
      // An optional field has one of its own, which nobody wrote.
      if (!message.getOneofDecl(i).getName().startsWith("_")) {
        put(Kind.ONEOF, name + "." + message.getOneofDecl(i).getName(), "");
      }
    }
    for (int i = 0; i < message.getFieldCount(); i++) {
      FieldDescriptorProto field = message.getField(i);
      put(
          Kind.FIELD,
          name + "." + field.getName(),
          "= " + field.getNumber() + " " + type(field, message));
    }
    for (int i = 0; i < message.getNestedTypeCount(); i++) {
      if (!message.getNestedType(i).getOptions().getMapEntry()) {
        add(message.getNestedType(i), name + ".");
      }
    }
    for (int i = 0; i < message.getEnumTypeCount(); i++) {
      add(message.getEnumType(i), name + ".");
    }
  }

  private void add(EnumDescriptorProto type, String scope) {
    String name = scope + type.getName();
    put(Kind.ENUM, name, "");
    for (int i = 0; i < type.getValueCount(); i++) {
      EnumValueDescriptorProto value = type.getValue(i);
      put(Kind.VALUE, name + "." + value.getName(), "= " + value.getNumber());
    }
  }

  private static String type(FieldDescriptorProto field, DescriptorProto message) {
    for (DescriptorProto nested : message.getNestedTypeList()) {
      if (nested.getOptions().getMapEntry()
          && field.getTypeName().endsWith("." + nested.getName())) {
        return "map<" + plainType(nested.getField(0)) + ", " + plainType(nested.getField(1)) + ">";
      }
    }
    String type = plainType(field);
    if (field.getLabel() == FieldDescriptorProto.Label.LABEL_REPEATED) {
      return "repeated " + type;
    }
    if (field.getProto3Optional()) {
      return "optional " + type;
    }
    return field.hasOneofIndex()
        ? type + " in " + message.getOneofDecl(field.getOneofIndex()).getName()
        : type;
  }

  private static String plainType(FieldDescriptorProto field) {
    return field.getTypeName().isEmpty()
        ? field.getType().name().substring("TYPE_".length()).toLowerCase(Locale.ROOT)
        : type(field.getTypeName());
  }

  private static String type(String qualified) {
    return qualified.startsWith(".") ? qualified.substring(1) : qualified;
  }

  private void put(Kind kind, String name, String promise) {
    String line = kind.name().toLowerCase(Locale.ROOT) + " " + name + " " + promise;
    elements.add(new ProtocolElement(kind, name, line.strip(), comments.getOrDefault(name, "")));
  }
}
