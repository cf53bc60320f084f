// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.codec;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;

/**
 * A request as it came: what its header says and its body. Records in it are slices of the frame.
 *
 * @param key which API
 * @param version of the API: of the response, too
 * @param correlationId to be sent back
 * @param clientId empty if the client has none
 * @param request its body, and what makes a refusal of it
 * @param sizeBytes of the frame
 */
public record RequestFrame(
    ApiKeys key,
    short version,
    int correlationId,
    String clientId,
    AbstractRequest request,
    int sizeBytes) {

  /** A request with more fields is refused: no client comes near. */
  private static final int MAX_FIELDS = 1_000_000;

  private static final int KEY_AND_VERSION_BYTES = 4;
  private static final short OLDEST_VERSION = 0;

  /** What the message classes want of a request. */
  public interface Accepted {
    /** Whether that version of the API is served. */
    boolean serves(ApiKeys key, short version);
  }

  /**
   * Reads a frame.
   *
   * @param frame without its length; the request's from here on
   * @throws InvalidRequestException if it cannot be understood: then nothing can be answered, since
   *     nobody knows in what form
   */
  public static RequestFrame read(ByteBuffer frame, Accepted accepted) {
    int sizeBytes = frame.remaining();
    if (sizeBytes < KEY_AND_VERSION_BYTES) {
      throw new InvalidRequestException("The request has " + sizeBytes + " bytes.");
    }
    short keyId = frame.getShort(frame.position());
    short version = frame.getShort(frame.position() + Short.BYTES);
    if (!ApiKeys.hasId(keyId)) {
      throw new InvalidRequestException("Unknown API key " + keyId + ".");
    }
    ApiKeys key = ApiKeys.forId(keyId);
    try {
      return read(frame, accepted, key, version, sizeBytes);
    } catch (BufferUnderflowException | IllegalArgumentException | IllegalStateException e) {
      throw new InvalidRequestException("The " + key + " request is damaged.", e);
    } catch (InvalidRequestException e) {
      throw e;
    } catch (RuntimeException e) {
      // The message classes throw what they like, plain RuntimeException most of all.
      throw new InvalidRequestException(
          "The " + key + " request of version " + version + " is damaged: " + e.getMessage(), e);
    }
  }

  private static RequestFrame read(
      ByteBuffer frame, Accepted accepted, ApiKeys key, short version, int sizeBytes) {
    boolean served = accepted.serves(key, version);
    if (!served && key != ApiKeys.API_VERSIONS) {
      throw new InvalidRequestException(key + " of version " + version + " is not served.");
    }
    BoundedReadable readable = new BoundedReadable(frame, MAX_FIELDS);
    RequestHeaderData header = new RequestHeaderData(readable, key.requestHeaderVersion(version));
    String clientId = header.clientId() == null ? "" : header.clientId();
    if (!served) {
      // Answered in the oldest version, which every client understands (KIP-511).
      return new RequestFrame(
          key,
          OLDEST_VERSION,
          header.correlationId(),
          clientId,
          new ApiVersionsRequest(new ApiVersionsRequestData(), OLDEST_VERSION, version),
          sizeBytes);
    }
    AbstractRequest request = AbstractRequest.parseRequest(key, version, readable).request;
    return new RequestFrame(key, version, header.correlationId(), clientId, request, sizeBytes);
  }

  /** The response that refuses all of it; null if the client wants none. */
  public @org.jspecify.annotations.Nullable ApiMessage refusal(Errors error, String message) {
    var response = request.getErrorResponse(0, error.exception(message));
    return response == null ? null : response.data();
  }
}
