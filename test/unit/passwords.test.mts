import { CREDENTIAL } from '../../nodes/PlivoSipTrunking/plivo/kinds.ts';
import { generatePassword } from '../../nodes/PlivoSipTrunking/plivo/passwords.ts';
import { checkedFields } from '../../nodes/PlivoSipTrunking/plivo/rules.ts';

describe('generatePassword', () => {
	it.each([5, 12, 20])('makes %i characters that Plivo takes, each time', (length) => {
		for (let made = 0; made < 500; made++) {
			const password = generatePassword(length);
			expect(password).toHaveLength(length);
			expect(checkedFields(CREDENTIAL, { password })).toEqual({ password });
		}
	});

	it('makes 20 characters where no length is said', () => {
		expect(generatePassword()).toHaveLength(20);
	});

	it('makes none twice', () => {
		const made = new Set(Array.from({ length: 1000 }, () => generatePassword()));
		expect(made.size).toBe(1000);
	});

	it('uses every character, at every place', () => {
		const passwords = Array.from({ length: 3000 }, () => generatePassword(5));
		expect(new Set(passwords.join('')).size).toBe(26 + 26 + 10 + 13);
		for (let place = 0; place < 5; place++) {
			expect(passwords.some((password) => /[^A-Za-z0-9]/.test(password[place]))).toBe(true);
			expect(passwords.some((password) => /[A-Za-z]/.test(password[place]))).toBe(true);
		}
	});
});
