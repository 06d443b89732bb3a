import { FEE_REQUESTS } from '@florin/contracts';
import { serve, type Bus, type Served } from '@florin/messaging';
import { asking } from './asking.ts';
import type { FeeSchedules } from './fee-schedules.ts';

/** Answers what may be asked of the fee schedules. */
export const serveFees = (bus: Bus, schedules: FeeSchedules): Served[] => [
  serve(bus, FEE_REQUESTS.getFees, asking(schedules.get)),
  serve(bus, FEE_REQUESTS.listFees, asking(schedules.list)),
  serve(bus, FEE_REQUESTS.setFees, asking(schedules.set)),
];
