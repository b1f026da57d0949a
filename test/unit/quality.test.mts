import fc from '../support/fastCheck.mts';

import { qualityOf, withQuality } from '../../nodes/PlivoSipTrunking/knowledge/quality.ts';
import { exactly } from '../support/elements.mts';

describe('qualityOf', () => {
	it.each([
		['5', 'excellent'],
		[4, 'excellent'],
		['3.99', 'good'],
		['3.0', 'good'],
		[2.9, 'fair'],
		['2', 'fair'],
		['1.99', 'poor'],
		['1', 'poor'],
		['0.99', 'unknown'],
		[0, 'unknown'],
		['5.01', 'unknown'],
		['-1', 'unknown'],
		['', 'unknown'],
		[' ', 'unknown'],
		['n/a', 'unknown'],
		[null, 'unknown'],
		[undefined, 'unknown'],
		[true, 'unknown'],
		[Infinity, 'unknown'],
	])('calls a score of %p %s', (score, quality) => expect(qualityOf(score)).toBe(quality));

	it('never calls the better of two scores the worse one', () => {
		const order = ['poor', 'fair', 'good', 'excellent'];
		const score = fc.double({ min: 1, max: 5, noNaN: true });
		fc.assert(
			fc.property(score, score, (a, b) => {
				const [worse, better] = exactly(
					2,
					[Math.min(a, b), Math.max(a, b)].map((value) => order.indexOf(qualityOf(String(value)))),
				);
				return worse >= 0 && worse <= better;
			}),
		);
	});
});

describe('withQuality', () => {
	it('turns measurements into numbers, and nothing else', () => {
		const insights = {
			call_uuid: '123',
			from: { number: '+14155550100', carrier: 'Verizon' },
			hangup_cause: 'normal_hangup',
			rtt: '24',
			jitter: '3.5',
			packet_loss: '0',
			post_dial_delay: 1000.5,
			plivo_quality_score: '4.2',
		};
		expect(withQuality(insights)).toEqual({
			...insights,
			rtt: 24,
			jitter: 3.5,
			packet_loss: 0,
			post_dial_delay: 1000.5,
			plivo_quality_score: 4.2,
			quality: 'excellent',
		});
		expect(insights.rtt).toBe('24');
	});

	it('leaves what is no number as it is, and adds no field that was not there', () => {
		expect(withQuality({ rtt: 'n/a', jitter: null, packet_loss: '' })).toEqual({
			rtt: 'n/a',
			jitter: null,
			packet_loss: '',
			quality: 'unknown',
		});
		expect(withQuality({})).toEqual({ quality: 'unknown' });
	});
});
