// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.requests.RequestUtils;

/** Requests from JSON and responses to JSON, by the message classes that Kafka generates. */
final class Messages {
  private static final String CLIENT_ID = "conversation";

  private Messages() {}

  /** A request's frame. Fields that this version does not have are left out. */
  static ByteBuffer request(ApiKeys api, short version, int correlationId, JsonNode fields) {
    ApiMessage message = api.messageType.newRequest();
    Schema schema = api.messageType.requestSchemas()[version];
    Binder.bind(fields, message, schema);
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(api.id)
            .setRequestApiVersion(version)
            .setCorrelationId(correlationId)
            .setClientId(CLIENT_ID);
    return RequestUtils.serialize(header, api.requestHeaderVersion(version), message, version);
  }

  /** Whether a version of the API can be written as text at all; others go as bytes. */
  static boolean speaks(ApiKeys api, short version) {
    return version >= api.messageType.lowestSupportedVersion()
        && version <= api.messageType.highestSupportedVersion(true);
  }

  /** A response as JSON; what is left over at its end is told. */
  static ObjectNode response(ApiKeys api, short version, int correlationId, ByteBuffer frame) {
    ByteBufferAccessor readable = new ByteBufferAccessor(frame);
    ResponseHeaderData header =
        new ResponseHeaderData(readable, api.responseHeaderVersion(version));
    ApiMessage message = api.messageType.newResponse();
    message.read(readable, version);
    ObjectNode json = (ObjectNode) json(message, version);
    if (message instanceof FetchResponseData fetched) {
      describeRecords(fetched, json);
    }
    if (header.correlationId() != correlationId) {
      json.put("wrongCorrelationId", header.correlationId());
    }
    if (frame.hasRemaining()) {
      json.put("leftOverBytes", frame.remaining());
    }
    return json;
  }

  private static void describeRecords(FetchResponseData fetched, ObjectNode json) {
    for (int topic = 0; topic < fetched.responses().size(); topic++) {
      var partitions = fetched.responses().get(topic).partitions();
      for (int partition = 0; partition < partitions.size(); partition++) {
        ObjectNode node =
            (ObjectNode) json.path("responses").path(topic).path("partitions").path(partition);
        node.remove("recordsSizeInBytes");
        node.set("records", Batches.describe(partitions.get(partition).records()));
      }
    }
  }

  /** By the converter that is generated beside each message class. */
  private static JsonNode json(ApiMessage message, short version) {
    try {
      Class<?> converter = Class.forName(message.getClass().getName() + "JsonConverter");
      return (JsonNode)
          Arrays.stream(converter.getMethods())
              .filter(method -> method.getName().equals("write") && method.getParameterCount() == 3)
              .findFirst()
              .orElseThrow()
              .invoke(null, message, version, false);
    } catch (ClassNotFoundException | IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot write " + message + " as JSON", e);
    }
  }
}
