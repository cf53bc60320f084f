# SPDX-License-Identifier: Apache-2.0
"""What an application does with confluent-kafka: confluent.py BOOTSTRAP TOPIC."""
import sys
from confluent_kafka import Consumer, Producer, TopicPartition, KafkaError, OFFSET_BEGINNING
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

bootstrap, topic = sys.argv[1:3]
admin = AdminClient({"bootstrap.servers": bootstrap})
for done in admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=3)]).values():
    done.result(timeout=20)
try:
    again = admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=3)])[topic].result(timeout=20)
    sys.exit("expected TOPIC_ALREADY_EXISTS")
except Exception as failure:
    assert failure.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS, failure
admin.create_partitions([NewPartitions(topic, 3)])[topic].result(timeout=20)
resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
configs = admin.describe_configs([resource])[resource].result(timeout=20)
assert configs["cleanup.policy"].value == "delete", configs["cleanup.policy"].value

reports = []
for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
    producer = Producer({"bootstrap.servers": bootstrap, "compression.type": codec, "enable.idempotence": True, "linger.ms": 5})
    for i in range(200):
        producer.produce(topic, key=f"k{i}", value=f"{codec}-{i}", partition=i % 2, timestamp=1000000000000 + i,
                         headers={"codec": codec}, on_delivery=lambda error, message: reports.append((error, message)))
    assert producer.flush(30) == 0
assert len(reports) == 1000 and not [error for error, _ in reports if error], reports[:3]

consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "not-joined", "enable.auto.commit": False})
assert len(consumer.list_topics(timeout=10).brokers) == 3
low, high = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)
assert (low, high) == (0, 500), (low, high)
at = consumer.offsets_for_times([TopicPartition(topic, 0, 1000000000100)], timeout=10)[0]
assert at.offset == 50, at
consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in (0, 1)])
values = []
while len(values) < 1000:
    message = consumer.poll(20)
    assert message is not None, f"nothing came after {len(values)}"
    assert message.error() is None, message.error()
    assert message.headers() == [("codec", message.value().split(b"-")[0])], message.headers()
    values.append(message.value())
assert len(set(values)) == 1000
consumer.close()
admin.delete_topics([topic])[topic].result(timeout=20)
print("topic made, grown, described and deleted; 1000 records in 5 codecs written by an idempotent producer and read back")
