import {
	CREDENTIAL,
	generatePassword,
	generateUsername,
} from '../../nodes/PlivoSipTrunking/records/credential.ts';
import { checkedFields } from '../../nodes/PlivoSipTrunking/records/kind.ts';

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

	it('uses letters, digits and one underscore, the special that breaks no configuration file', () => {
		const passwords = Array.from({ length: 3000 }, () => generatePassword(5));
		expect(new Set(passwords.join('')).size).toBe(26 + 26 + 10 + 1);
		for (const password of passwords) expect(password.split('_')).toHaveLength(2);
		for (let place = 0; place < 5; place++) {
			const characters = passwords.map((password) => password.charAt(place)).join('');
			expect(characters).toContain('_');
			expect(characters).toMatch(/[A-Za-z]/);
			expect(characters).toMatch(/\d/);
		}
	});
});

describe('generateUsername', () => {
	const account = 'https://api.plivo.com/v1/Account/MA1';

	it.each(['Acme', 'Café Ünïted', '株式会社', '', '!!', 'a'.repeat(100), '12'])(
		'makes of %p one that Plivo takes',
		(name) => {
			const username = generateUsername(name, account);
			expect(checkedFields(CREDENTIAL, { username })).toEqual({ username });
		},
	);

	it('is the same for each run of a customer, and another for each customer and account', () => {
		const names = ['Acme', 'acme', 'Acme!', 'Acme2', '株式会社', '有限会社'];
		const made = names.map((name) => generateUsername(name, account));
		expect(new Set(made).size).toBe(names.length);
		expect(names.map((name) => generateUsername(name, account))).toEqual(made);
		expect(generateUsername('Acme', `${account}2`)).not.toBe(made[0]);
	});
});
