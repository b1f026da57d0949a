import { PHONE_NUMBER } from '../../../nodes/PlivoSipTrunking/records/phoneNumber.ts';

describe('a record of an answer', () => {
	it('has its texts as texts, also where Plivo sends numbers', () => {
		expect(PHONE_NUMBER.parse({ number: 14155550100, alias: 42 })).toEqual({
			number: '14155550100',
			alias: '42',
		});
	});

	it.each([[{}], [[]], [true]])('counts a text that is %j as left out', (application) => {
		expect(PHONE_NUMBER.parse({ number: '14155550100', application }).application).toBeNull();
	});

	it('keeps everything else as it came', () => {
		const record = { number: '14155550100', alias: null, voice_enabled: true, later: { a: [1] } };
		expect(PHONE_NUMBER.parse(record)).toEqual(record);
	});
});
