import { expect, test } from 'vitest';
import { listeningIn, requestsIn } from './log.ts';

const LOG = `2026-11-29T16:00:45.355164Z  INFO actix_server::server: starting service: "actix-web-service-127.0.0.1:0", workers: 2, listening on: 127.0.0.1:33859
2026-11-29T16:00:45.478302Z ERROR kbs::error: TokenNotFound
2026-11-29T16:00:45.478344Z  INFO actix_web::middleware::logger: 127.0.0.1 "GET /kbs/v0/resource/default/test/key HTTP/1.1" 401 117 "-" "-" 0.000127
2026-11-29T16:00:45.495933Z  INFO actix_web::middleware::logger: 127.0.0.1 "POST /kbs/v0/auth HTTP/1.1" 200 74 "-" "-" 0.000341
`;

test('listeningIn finds the address on which a KBS listens, and none before it does', () => {
  expect(listeningIn(LOG)).toBe('127.0.0.1:33859');
  expect(listeningIn('INFO kbs::api_server: Starting HTTP server at [127.0.0.1:0]\n')).toBeUndefined();
});

test('requestsIn lists the requests that a KBS answered, with their status', () => {
  expect(requestsIn(LOG)).toEqual(['GET resource/default/test/key 401', 'POST auth 200']);
});
