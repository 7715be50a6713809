import type { ApiContext, ApiResponse } from './api-request';

/** Allocations of a developer org that the emulator never spends. */
const UNSPENT: Record<string, number> = {
  ConcurrentAsyncGetReportInstances: 200,
  ConcurrentSyncReportRuns: 20,
  DailyAsyncApexExecutions: 250_000,
  DailyBulkApiBatches: 15_000,
  DailyBulkV2QueryFileStorageMB: 976_562,
  DailyBulkV2QueryJobs: 10_000,
  DailyGenericStreamingApiEvents: 10_000,
  DailyStreamingApiEvents: 10_000,
  DailyWorkflowEmails: 1_000,
  DataStorageMB: 5,
  FileStorageMB: 20,
  HourlyODataCallout: 1_000,
  HourlyTimeBasedWorkflow: 50,
  MassEmail: 10,
  SingleEmail: 15,
};

/** `GET /limits`. Only DailyApiRequests moves. */
export function limitsResource(context: ApiContext, remainingCalls: number): ApiResponse {
  const daily = { Max: context.org.settings.dailyApiRequests, Remaining: Math.max(0, remainingCalls) };
  return {
    status: 200,
    body: {
      DailyApiRequests: daily,
      ...Object.fromEntries(Object.entries(UNSPENT).map(([name, max]) => [name, { Max: max, Remaining: max }])),
    },
  };
}
