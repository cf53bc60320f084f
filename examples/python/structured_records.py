#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes records to a topic and reads them back, with nothing but what protoc generates.

Jangada's brokers build and take apart record batches for clients that send and ask for plain
("structured") records, so a client needs gRPC and the .proto files, and no library of ours:

    apt-get install python3-grpcio protobuf-compiler protobuf-compiler-grpc
    protoc -I proto/src/main/protobuf --python_out=/tmp/stubs --grpc_out=/tmp/stubs \\
        --plugin=protoc-gen-grpc=/usr/bin/grpc_python_plugin proto/src/main/protobuf/jangada/v1/*.proto
    jangada topic create orders
    PYTHONPATH=/tmp/stubs examples/python/structured_records.py 127.0.0.1:7400 orders 1000

It prints one line of JSON, and ends with 1 if anything is not as it should be.
"""

import json
import queue
import sys
import time

import grpc

from jangada.v1 import common_pb2, consume_pb2, consume_pb2_grpc, produce_pb2, produce_pb2_grpc

RECORDS_PER_REQUEST = 100
DEADLINE_S = 30


class JangadaError(Exception):
    """An error of the broker's: a stable code, and whether the request surely had no effect."""

    def __init__(self, error):
        super().__init__(f"{error.code}: {error.message}" + (f" ({error.hint})" if error.hint else ""))
        self.code = error.code
        self.definite = error.definite


def outgoing(requests):
    """A stream's requests as they are put into the queue; None ends it."""
    return iter(requests.get, None)


def produce(channel, topic, records, expected_offset=None):
    """Appends records to partition 0 in order, several in a request; returns their first offset.

    With an expected offset they are appended only where the log ends there (compare and set).
    """
    requests = queue.SimpleQueue()
    ends = expected_offset
    count = 0
    for begin in range(0, len(records), RECORDS_PER_REQUEST):
        some = records[begin : begin + RECORDS_PER_REQUEST]
        request = produce_pb2.ProduceRequest(
            correlation_id=count,
            topic=common_pb2.TopicRef(name=topic),
            acks=produce_pb2.ACKS_ALL,
            records=produce_pb2.StructuredRecords(records=some),
        )
        if ends is not None:
            request.expected_offset = ends
            ends += len(some)
        requests.put(request)
        count += 1
    requests.put(None)
    answers = {}
    for answer in produce_pb2_grpc.ProduceServiceStub(channel).Produce(outgoing(requests), timeout=DEADLINE_S):
        if answer.HasField("error"):
            raise JangadaError(answer.error)
        answers[answer.correlation_id] = answer.base_offset
    assert len(answers) == count, f"expected {count} answers, but got {len(answers)}"
    return answers[0]


def consume(channel, topic, offset, count):
    """Reads so many records of partition 0 from an offset on."""
    requests = queue.SimpleQueue()
    requests.put(
        consume_pb2.ConsumeRequest(
            assign=consume_pb2.Assign(
                assignment_id=1,
                topic=common_pb2.TopicRef(name=topic),
                offset=offset,
                leader_epoch=-1,
                form=consume_pb2.RECORD_FORM_STRUCTURED,
            )
        )
    )
    requests.put(consume_pb2.ConsumeRequest(credit=consume_pb2.Credit(bytes=1 << 20)))
    records = []
    call = consume_pb2_grpc.ConsumeServiceStub(channel).Consume(outgoing(requests), timeout=DEADLINE_S)
    for answer in call:
        if answer.HasField("error"):
            raise JangadaError(answer.error)
        records.extend(answer.records)
        if len(records) >= count:
            break
        # Give back what the answer has used up, so that the broker goes on.
        requests.put(consume_pb2.ConsumeRequest(credit=consume_pb2.Credit(bytes=answer.ByteSize())))
    call.cancel()
    requests.put(None)
    return records[:count]


def wanted(number):
    record = produce_pb2.StructuredRecord(
        value=f"order {number} é".encode(), timestamp_ms=int(time.time() * 1000)
    )
    if number % 3:
        record.key = str(number % 7).encode()
    record.headers.add(key="number", value=str(number).encode())
    return record


def same(sent, got):
    return (
        got.value == sent.value
        and got.HasField("key") == sent.HasField("key")
        and got.key == sent.key
        and got.timestamp_ms == sent.timestamp_ms
        and [(h.key, h.value) for h in got.headers] == [(h.key, h.value) for h in sent.headers]
    )


def main(address, topic, count):
    sent = [wanted(number) for number in range(count)]
    with grpc.insecure_channel(address) as channel:
        grpc.channel_ready_future(channel).result(timeout=DEADLINE_S)
        base = produce(channel, topic, sent)
        got = consume(channel, topic, base, count)
        differing = [i for i in range(count) if got[i].offset != base + i or not same(sent[i], got[i])]

        end = base + count
        conditional = produce(channel, topic, [wanted(count)], expected_offset=end)
        refused = None
        try:
            produce(channel, topic, [wanted(count)], expected_offset=end)
        except JangadaError as error:
            refused = {"code": error.code, "definite": error.definite}
    print(
        json.dumps(
            {"baseOffset": base, "records": len(got), "differing": differing, "conditional": conditional, "refused": refused}
        )
    )
    return 0 if not differing and conditional == end and refused == {"code": "UNEXPECTED_OFFSET", "definite": True} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
