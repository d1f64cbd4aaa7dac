/** Environment without limits for one address, since all clients here have the same. */
export const unlimited: Readonly<Record<string, string>> = {
  MAX_LESSONS_AN_HOUR: "1000000",
  MAX_REQUESTS_A_MINUTE: "1000000",
  MAX_CONNECTIONS: "1000000",
  MAX_ROOMS: "1000000",
  MAX_MESSAGES: "1000000",
  MAX_MS_A_SECOND: "1000000",
  MAX_WORK_SECONDS_AN_HOUR: "3600",
};
