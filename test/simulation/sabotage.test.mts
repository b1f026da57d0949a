import { LONG } from '../support/lane.mts';
import { bite } from './bite.mts';
import { SABOTAGES } from './sabotages.mts';

/** Each is noticed within so many histories; `npm run simulate -- --sabotage N` shows how. */
const HISTORIES = 600;

/** In `npm test`, those that the three absolutes rest on. */
const tested = SABOTAGES.filter(({ absolute }) => LONG || absolute);

describe('the simulation fails without the rule that', () => {
	it.each(tested.map((sabotage) => [sabotage.rule, sabotage] as const))(
		'%s',
		async (_rule, sabotage) => {
			expect(await bite(sabotage, HISTORIES)).toBeDefined();
		},
		180_000,
	);
});
