import { matches } from '../../../nodes/PlivoSipTrunking/records/kind.ts';

describe('what was never set', () => {
	it.each([undefined, null, '', false])(
		'is shown as %p by one answer and not by the next',
		(one) => {
			for (const other of [undefined, null, '', false]) {
				expect(matches({ secure: one }, { secure: other })).toBe(true);
			}
			expect(matches({ secure: one }, { secure: true })).toBe(false);
			expect(matches({ secure: true }, { secure: one })).toBe(false);
		},
	);
});
