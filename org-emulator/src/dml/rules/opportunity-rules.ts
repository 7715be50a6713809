import { toApiDateTime } from '../../records/timestamps';
import { isChanged, valueOf, type ObjectRules } from '../draft';

/** The stages of a new org: probability in per cent and forecast category. Any other stage is open. */
const STAGES: Record<string, [probability: number, forecastCategory: string]> = {
  Prospecting: [10, 'Pipeline'],
  Qualification: [10, 'Pipeline'],
  'Needs Analysis': [20, 'Pipeline'],
  'Value Proposition': [50, 'Pipeline'],
  'Id. Decision Makers': [60, 'Pipeline'],
  'Perception Analysis': [70, 'Pipeline'],
  'Proposal/Price Quote': [75, 'Pipeline'],
  'Negotiation/Review': [90, 'Pipeline'],
  'Closed Won': [100, 'Closed'],
  'Closed Lost': [0, 'Omitted'],
};
const OPEN_STAGE: [number, string] = [10, 'Pipeline'];

/** Derives what an Opportunity's stage, amount and close date mean. */
export const opportunityRules: ObjectRules = {
  sobject: 'Opportunity',
  beforeSave(draft) {
    const { row, given, context } = draft;
    const stage = valueOf(draft, 'StageName');
    const [probability, forecastCategory] = STAGES[String(stage)] ?? OPEN_STAGE;
    if (isChanged(draft, 'StageName')) {
      if (!given.has('Probability')) row.Probability = probability;
      if (!given.has('ForecastCategoryName')) row.ForecastCategoryName = forecastCategory;
      row.ForecastCategory = forecastCategory;
      row.LastStageChangeDate = toApiDateTime(context.org.clock.now());
    }
    row.IsClosed = stage === 'Closed Won' || stage === 'Closed Lost';
    row.IsWon = stage === 'Closed Won';
    const amount = valueOf(draft, 'Amount');
    row.ExpectedRevenue = amount === null ? null : (Number(amount) * Number(row.Probability ?? 0)) / 100;
    const closeDate = valueOf(draft, 'CloseDate');
    if (typeof closeDate === 'string') {
      const year = Number(closeDate.slice(0, 4));
      const quarter = Math.ceil(Number(closeDate.slice(5, 7)) / 3);
      Object.assign(row, { FiscalYear: year, FiscalQuarter: quarter, Fiscal: `${year} ${quarter}` });
    }
  },
};
