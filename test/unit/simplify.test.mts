import { CALL, CREDENTIAL, PHONE_NUMBER, TRUNK } from '../../nodes/PlivoSipTrunking/plivo/kinds.ts';
import { simplified } from '../../nodes/PlivoSipTrunking/plivo/simplify.ts';
import { type KindName, withDefaults } from '../../simulator/records.mts';

const whole = (kind: KindName) => withDefaults(kind, {}, { now: 0, serial: 1 }) as never;

describe('simplified', () => {
	it.each([
		['a trunk', TRUNK, 'trunks'],
		['a phone number', PHONE_NUMBER, 'numbers'],
		['a call', CALL, 'calls'],
	] as const)('keeps ten fields of %s, with its id, unchanged', (_, kind, name) => {
		const record = whole(name);
		const kept = simplified(kind, record);
		expect(Object.keys(kept)).toHaveLength(10);
		expect(kept).toHaveProperty(kind.idField);
		expect(record).toMatchObject(kept);
	});

	it('makes up no field that the record has not', () => {
		expect(simplified(TRUNK, { trunk_id: '1', extra: true })).toEqual({ trunk_id: '1' });
	});

	it('leaves a record of a kind with few fields as it is', () => {
		const record = whole('credentials');
		expect(simplified(CREDENTIAL, record)).toBe(record);
	});
});
