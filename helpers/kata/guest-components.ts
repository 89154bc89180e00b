/**
 * Programs that an agent of main starts beside the CDH, by their file names in /usr/local/bin of a guest. Source: AA_PATH and
 * API_SERVER_PATH of src/agent/src/main.rs.
 */
export const GUEST_COMPONENTS = ['attestation-agent', 'api-server-rest'] as const;
