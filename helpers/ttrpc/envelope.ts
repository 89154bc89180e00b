import protobuf from 'protobufjs/minimal.js';
import { messageOf, ProtocolError } from '../errors.ts';

/** What travels in a request frame: `ttrpc.Request{service=1, method=2, payload=3, timeout_nano=4, metadata=5}`. */
export interface Request {
  readonly service: string;
  readonly method: string;
  readonly payload: Uint8Array;
  /** Nanoseconds; 0 for no deadline. */
  readonly timeoutNano: number;
  readonly metadata: readonly (readonly [key: string, value: string])[];
}

/** What travels in a response frame: `ttrpc.Response{status=1 google.rpc.Status, payload=2}`. */
export interface Response {
  /** 0 when the peer sent no status: that is OK. */
  readonly code: number;
  readonly message: string;
  readonly payload: Uint8Array;
}

const { Reader, Writer } = protobuf;
const EMPTY = new Uint8Array(0);

// Tags as on the wire: field number << 3 | wire type (0 varint, 2 length-delimited).
const field = (number: number, wireType: 0 | 2): number => (number << 3) | wireType;

/** Encodes a request; empty fields are left out, as proto3 does. */
export function encodeRequest(request: Request): Uint8Array {
  const writer = Writer.create();
  writer.uint32(field(1, 2)).string(request.service).uint32(field(2, 2)).string(request.method);
  if (request.payload.length > 0) writer.uint32(field(3, 2)).bytes(request.payload);
  if (request.timeoutNano > 0) writer.uint32(field(4, 0)).int64(request.timeoutNano);
  for (const [key, value] of request.metadata) {
    writer.uint32(field(5, 2)).fork().uint32(field(1, 2)).string(key).uint32(field(2, 2)).string(value).ldelim();
  }
  return writer.finish();
}

/** Encodes a response. A status of 0 is left out. */
export function encodeResponse(response: Response): Uint8Array {
  const writer = Writer.create();
  if (response.code !== 0) {
    writer.uint32(field(1, 2)).fork().uint32(field(1, 0)).int32(response.code);
    writer.uint32(field(2, 2)).string(response.message).ldelim();
  }
  if (response.payload.length > 0) writer.uint32(field(2, 2)).bytes(response.payload);
  return writer.finish();
}

/** Decodes a request. Throws {@link ProtocolError} on bytes that are not one. */
export function decodeRequest(bytes: Uint8Array): Request {
  const metadata: [string, string][] = [];
  const request = { service: '', method: '', payload: EMPTY, timeoutNano: 0, metadata };
  decode('request', bytes, {
    [field(1, 2)]: (reader) => void (request.service = reader.string()),
    [field(2, 2)]: (reader) => void (request.method = reader.string()),
    [field(3, 2)]: (reader) => void (request.payload = reader.bytes()),
    [field(4, 0)]: (reader) => void (request.timeoutNano = Number(reader.int64())),
    [field(5, 2)]: (reader) => void metadata.push(decodePair(reader.bytes())),
  });
  return request;
}

/** Decodes a response. Throws {@link ProtocolError} on bytes that are not one. */
export function decodeResponse(bytes: Uint8Array): Response {
  const response = { code: 0, message: '', payload: EMPTY };
  decode('response', bytes, {
    [field(1, 2)]: (reader) =>
      decode('status', reader.bytes(), {
        [field(1, 0)]: (status) => void (response.code = status.int32()),
        [field(2, 2)]: (status) => void (response.message = status.string()),
      }),
    [field(2, 2)]: (reader) => void (response.payload = reader.bytes()),
  });
  return response;
}

function decodePair(bytes: Uint8Array): [string, string] {
  const pair: [string, string] = ['', ''];
  decode('metadata', bytes, {
    [field(1, 2)]: (reader) => void (pair[0] = reader.string()),
    [field(2, 2)]: (reader) => void (pair[1] = reader.string()),
  });
  return pair;
}

type FieldReader = (reader: protobuf.Reader) => void;

function decode(what: string, bytes: Uint8Array, fields: Readonly<Record<number, FieldReader>>): void {
  const reader = Reader.create(bytes);
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      const read = fields[tag];
      if (read) read(reader);
      else reader.skipType(tag & 7);
    }
  } catch (cause) {
    throw new ProtocolError('protocol', `not a ttrpc ${what}: ${messageOf(cause)}`, { cause });
  }
}
