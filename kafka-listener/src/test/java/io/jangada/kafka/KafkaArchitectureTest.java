// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know of Kafka, and what its listener may know of the broker. */
@AnalyzeClasses(packages = "io.jangada", importOptions = ImportOption.DoNotIncludeTests.class)
class KafkaArchitectureTest {
  @ArchTest
  static final ArchRule ONLY_THE_LISTENER_AND_THE_GROUPS_KNOW_KAFKA =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.jangada.kafka..", "io.jangada.groups..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "io.jangada.kafka..");

  @ArchTest
  static final ArchRule THE_LISTENER_CALLS_SERVICES_ONLY =
      noClasses()
          .that()
          .resideInAPackage("io.jangada.kafka..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.jangada.broker.cluster..",
              "io.jangada.broker.grpc..",
              "io.jangada.broker.node..",
              "io.jangada.replication.runtime..",
              "io.jangada.replication.log..",
              "io.jangada.metadata.rpc..",
              "io.jangada.metadata.quorum..",
              "org.apache.ratis..",
              "org.lmdbjava..");

  @ArchTest
  static final ArchRule ONLY_CONNECTIONS_KNOW_NETTY =
      noClasses()
          .that()
          .resideInAPackage("io.jangada.kafka..")
          .and()
          .resideOutsideOfPackages("io.jangada.kafka.network..", "io.jangada.kafka.codec..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");
}
