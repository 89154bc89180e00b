import { expect, test } from 'vitest';
import { answeredRequests } from './requests.ts';

const LOG = `time="2026-11-29T06:05:52Z" level=info msg="response completed" http.request.uri="/v2/" http.response.status=200
127.0.0.1 - - [29/Nov/2026:06:05:52 +0000] "GET /v2/ HTTP/1.1" 200 2 "" "skopeo/1.9.3"
127.0.0.1 - user [29/Nov/2026:06:05:53 +0000] "HEAD /v2/library/small/manifests/no HTTP/1.1" 404 98 "" "oci-client/0.15"
`;

test('answeredRequests lists method, path and status of each request, and no other line of the log', () => {
  expect(answeredRequests(LOG)).toBe('GET /v2/ 200\nHEAD /v2/library/small/manifests/no 404\n');
});

test('answeredRequests of a log without requests is empty', () => {
  expect(answeredRequests('listening on 127.0.0.1:5000\n')).toBe('');
});
