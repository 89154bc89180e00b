import protobuf from 'protobufjs/minimal.js';
import { messageOf, ProtocolError } from '../errors.ts';

/** Content of a request frame: `ttrpc.Request{service=1, method=2, payload=3, timeout_nano=4, metadata=5}`. */
export interface Request {
  readonly service: string;
  readonly method: string;
  readonly payload: Uint8Array;
  /** Timeout of the request in nanoseconds; 0 for none. */
  readonly timeoutNano: number;
  readonly metadata: readonly (readonly [key: string, value: string])[];
}

/** Content of a response frame: `ttrpc.Response{status=1 google.rpc.Status, payload=2}`. */
export interface Response {
  /** Status code of the response; 0 (OK) if the peer sent no status. */
  readonly code: number;
  readonly message: string;
  readonly payload: Uint8Array;
}

/**
 * An encoded message in two parts that follow each other on the wire: everything but the payload, and the payload itself.
 * Encoding does not copy the payload, so the caller must not change it before it has been written.
 */
export type Encoded = readonly [head: Uint8Array, payload: Uint8Array];

const { Reader, Writer } = protobuf;
const EMPTY: Uint8Array = new Uint8Array(0);

// A protobuf tag: field number << 3 | wire type (0 varint, 2 length-delimited).
const field = (number: number, wireType: 0 | 2): number => (number << 3) | wireType;

/**
 * Encodes a ttrpc request; omits empty fields, as proto3 does. The payload comes last, since protobuf allows any field
 * order.
 */
export function encodeRequest(request: Request): Encoded {
  const writer = Writer.create();
  writer.uint32(field(1, 2)).string(request.service).uint32(field(2, 2)).string(request.method);
  if (request.timeoutNano > 0) writer.uint32(field(4, 0)).int64(request.timeoutNano);
  for (const [key, value] of request.metadata) {
    writer.uint32(field(5, 2)).fork().uint32(field(1, 2)).string(key).uint32(field(2, 2)).string(value).ldelim();
  }
  if (request.payload.length > 0) writer.uint32(field(3, 2)).uint32(request.payload.length);
  return [writer.finish(), request.payload];
}

/** Encodes a ttrpc response; omits a status of 0. */
export function encodeResponse(response: Response): Encoded {
  const writer = Writer.create();
  if (response.code !== 0) {
    writer.uint32(field(1, 2)).fork().uint32(field(1, 0)).int32(response.code);
    writer.uint32(field(2, 2)).string(response.message).ldelim();
  }
  if (response.payload.length > 0) writer.uint32(field(2, 2)).uint32(response.payload.length);
  return [writer.finish(), response.payload];
}

/** Length of an encoded ttrpc message in bytes. */
export function encodedLength([head, payload]: Encoded): number {
  return head.length + payload.length;
}

/** Decodes a ttrpc request. Throws {@link ProtocolError} if the bytes are not a request. */
export function decodeRequest(bytes: Uint8Array): Request {
  let [service, method, payload, timeoutNano] = ['', '', EMPTY, 0];
  const metadata: [string, string][] = [];
  decode('request', bytes, (tag, reader) => {
    if (tag === field(1, 2)) service = reader.string();
    else if (tag === field(2, 2)) method = reader.string();
    else if (tag === field(3, 2)) payload = reader.bytes();
    else if (tag === field(4, 0)) timeoutNano = Number(reader.int64());
    else if (tag === field(5, 2)) metadata.push(decodePair(reader.bytes()));
    else reader.skipType(tag & 7);
  });
  return { service, method, payload, timeoutNano, metadata };
}

/** Decodes a ttrpc response. Throws {@link ProtocolError} if the bytes are not a response. */
export function decodeResponse(bytes: Uint8Array): Response {
  let [code, message, payload] = [0, '', EMPTY];
  decode('response', bytes, (tag, reader) => {
    if (tag === field(1, 2)) [code, message] = decodeStatus(reader.bytes());
    else if (tag === field(2, 2)) payload = reader.bytes();
    else reader.skipType(tag & 7);
  });
  return { code, message, payload };
}

function decodeStatus(bytes: Uint8Array): [code: number, message: string] {
  let [code, message] = [0, ''];
  decode('status', bytes, (tag, reader) => {
    if (tag === field(1, 0)) code = reader.int32();
    else if (tag === field(2, 2)) message = reader.string();
    else reader.skipType(tag & 7);
  });
  return [code, message];
}

function decodePair(bytes: Uint8Array): [key: string, value: string] {
  let [key, value] = ['', ''];
  decode('metadata', bytes, (tag, reader) => {
    if (tag === field(1, 2)) key = reader.string();
    else if (tag === field(2, 2)) value = reader.string();
    else reader.skipType(tag & 7);
  });
  return [key, value];
}

function decode(what: string, bytes: Uint8Array, read: (tag: number, reader: protobuf.Reader) => void): void {
  const reader = Reader.create(bytes);
  try {
    while (reader.pos < reader.len) read(reader.uint32(), reader);
  } catch (cause) {
    throw cause instanceof ProtocolError
      ? cause
      : new ProtocolError('protocol', `not a ttrpc ${what}: ${messageOf(cause)}`, { cause });
  }
}
